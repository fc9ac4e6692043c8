"""The small words that make a claim smaller: negations, doubts, conditions, attributions.

Comes in: nothing. Goes out: vocabulary. Must not know: how it is used.
"""

from __future__ import annotations

NEGATIONS = frozenset(
    "not no never without nor neither none nobody nothing nowhere cannot hardly barely denied denies deny "
    "denying refused "
    "refuses refuse refusing failed fails fail failing declined declines decline declining rejected rejects reject "
    "rejecting avoid avoids avoided unable ruled-out".split()
)
DOUBTS = frozenset(
    "may might could would should allege alleges alleging alleged allegedly reportedly possibly perhaps "
    "probably likely unlikely maybe "
    "apparently apparent appears appear appeared seems seem seemed suggests suggest suggested suggesting "
    "expected expects "
    "accused suspected suspect suspects suspicion believed thought rumoured rumored potential potentially presumably "
    "supposedly purported purportedly claims claimed claim planned plans planning hopes hoped hoping hope "
    "whether proposed "
    "proposes considering can".split()
)
STRONG_DOUBTS = DOUBTS - frozenset(
    "allege alleges alleging can should planned plans planning hopes hoped hoping hope claims claimed "
    "claim suspect suspects thought proposed "
    "considering suggest suggests suggested suggesting".split()
)
"""These must be kept; the others merely count as keeping one."""
CONDITIONS = frozenset("if unless provided providing once until assuming should whether".split())
SAYING = frozenset(
    "said says say saying told tells tell according reported reports report reportedly claimed claims claim claiming "
    "alleged alleges allege allegedly announced announces argued argues argue believes believe believed "
    "insisted insists "
    "stated states warned warns warning added adds explained explains wrote writes tweeted suggested suggests "
    "estimated estimates estimate thinks think confirmed confirms acknowledged acknowledges called calls described "
    "describes revealed reveals admitted admits accused accuses finds found show shows showed concluded "
    "predicted predicts "
    "urges urged vows vowed promised promises denies denied joked jokes recalled recalls suspected accused testified "
    "quoted cites cited declared declares asked asks heard hears".split()
)
SAID = frozenset(
    "said says told reported reports according claimed claims alleges alleged argued argues insisted insists stated "
    "warned warns testified believes estimates estimated predicts predicted tweeted".split()
)
"""What makes the words around it somebody's claim."""
FOUND = frozenset("found heard finds hears showed shows concluded concludes suggested suggests".split())
FINDERS = frozenset(
    "study studies survey surveys report reports researchers scientists research poll polls analysis investigation "
    "investigators inquiry review audit court jury inquest tribunal hearing panel committee experts data "
    "figures".split()
)
"""What makes the same of *found* and *heard*, where these stand before them."""
CIRCUMSTANCE = frozenset(
    "in on at during to when after before as last this earlier later monday tuesday wednesday thursday friday saturday "
    "sunday by via through from afterwards yesterday today".split()
)
ASKING = frozenset("ask asks asked asking see wonder wondered wondering know knows knew question questioned as".split())
