"""Function words of languages that share a script: articles, pronouns, prepositions, conjunctions, auxiliaries.

Chosen by hand so that each list covers about as much of its own language, and neighbours (Danish and Norwegian, Czech
and Slovak, Spanish and Portuguese, Russian and Ukrainian) differ in several of the commonest. An elided form ends in
’.
"""

from __future__ import annotations

_LISTS = {
    "en": "the of and to in is was that for it on with as are be by this at from have has had not they he she "
    "which were or an "
    "but their his her its been who will would there what when more about into than you we if said can our all",
    "de": "der die das und ist in den von zu mit sich des auf für im nicht dem ein eine als auch es an er werden "
    "aus bei sie nach "
    "hat wird wie dass einen einer einem war sind noch oder über zum zur haben nur durch wir ich aber vor um bis "
    "wenn ihre",
    "fr": "de la le les et des en un une du dans est que qui pour pas sur au plus par ce avec il ne se sont aux "
    "son cette ont ses "
    "mais comme ou elle nous vous leur été être fait d’ l’ qu’ n’ c’ s’ j’ sa ces deux même aussi était",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más es o pero sus le ha este "
    "fue esta entre "
    "cuando muy sin sobre también me hasta hay donde desde todo nos ser son dos está porque ya han años",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à "
    "seu sua ou ser "
    "quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos são pelos você",
    "it": "di e il la che in un a per è una del non le si con i dei da della più al lo ha sono nel come ma gli "
    "alla delle anche "
    "su dal questo se dell’ all’ l’ un’ nell’ ci o dalla sul nella degli essere ho cui quando era stato ad ai "
    "hanno suo",
    "nl": "de het een van en in is dat op te zijn voor met die niet aan er om ook als bij door naar uit maar was "
    "heeft over ze hij "
    "worden dan nog wordt werd kan meer geen of deze wel hebben tot ik je wat we hun dit tegen veel",
    "sv": "och i att det som en på är av för med till den har inte om ett han men var jag de sig från vi så kan "
    "när man under "
    "också efter eller nu hade då sin vid mot ska där mer över vara blir alla andra mycket detta",
    "da": "og i at det er en til på af som for med den der de ikke har et om fra han var men sig eller kan vil "
    "blev så efter også "
    "jeg ved nu over da når man skal havde være hun mod blevet ud noget hvor mere os blandt af nogle",
    "no": "og i det er at en på til av som for med den har de ikke et om fra han var men seg eller kan vil ble så "
    "etter også jeg "
    "ved nå over da når man skal hadde være hun mot blitt ut noe hvor mer oss blant av noen fra mellom",
    "fi": "ja on ei että se oli hän kun mutta ovat myös joka niin kuin tai ole jos sen jo mukaan vain hänen sekä "
    "voi vielä nyt "
    "sitä ollut olla ne siitä kanssa minä ettei vaan koska jälkeen joka jotka tämä ennen",
    "pl": "w i na z się nie do to że jest o a jak po co od za ale dla przez tym są tego był przy ich już oraz "
    "które być który także "
    "ma może czy jego tylko było będzie jej ze roku przed która sobie gdy bardzo jednak więc tak",
    "cs": "a v se na je že s z o do to i ve pro jako za by ale jsou po od k který které jeho byl jsem také tak už "
    "při podle která "
    "bylo nebo jen když aby co jak před není má byla být si však až už mezi ještě pouze",
    "sk": "a v sa na je že s z o do to i vo pre ako za by ale sú po od k ktorý ktoré jeho bol som tiež tak už pri "
    "podľa ktorá bolo "
    "alebo len keď aby čo ako pred nie má bola byť si však až medzi ešte iba aj",
    "hu": "a az és hogy nem is egy ez de meg csak már volt van mint el azt ha még ki lesz ezt kell vagy minden fel "
    "után amely be "
    "aki több pedig majd mert így szerint között ami olyan lehet akkor illetve valamint",
    "ro": "de și în a la cu pe să nu din care o un este că mai pentru se sunt au fost ca ce dar sau prin fi al îi "
    "lui după ei "
    "această acest foarte către când între fără această iar ale dintre până fie într",
    "tr": "ve bir bu da de için ile olarak çok daha en gibi olan o ne kadar var sonra ise değil ancak olduğunu "
    "göre ama ya mi her "
    "oldu tarafından olduğu yeni iki dedi etti üzere şu bunu kendi ki",
    "id": "yang dan di dengan untuk dari ini pada itu dalam tidak akan juga ke adalah oleh ada saya sebagai telah "
    "bisa mereka "
    "atau lebih sudah karena dapat kami kita tersebut bahwa para ia saat menjadi hanya seperti",
    "vi": "và của là có cho không được các một trong với những người này để đã khi từ đến ra cũng về như tại vào "
    "trên sẽ nhiều "
    "theo sau bị năm đó phải làm nếu nhưng hơn thì mà lại",
    "ca": "de la i el que a en les els del per un una amb no es és al més com són va dels ha se l’ d’ ser també "
    "però aquest aquesta "
    "seva seu entre sobre quan ja on fins anys molt perquè han",
    "hr": "i u je na se da su za od s o a kako koji što nije ili to po iz biti koja će koje samo kao bi ali je do "
    "sve nakon više "
    "već još te smo sam ima bio bila prema pri dok jer njegov",
    "ru": "и в не на что с он как по это из но за к у от его для о так то же бы она мы вы был было были который "
    "также все они при "
    "после только еще ещё или если ее её их я до уже может когда со",
    "uk": "і в не на що з у та до він як це за по від але для його про так то ж би вона ми ви був було були який "
    "також все вони "
    "при після тільки ще або якщо її їх я вже може коли із й є",
    "bg": "и в на да се за от с не е че са по до като който ще това той но към един или има при беше която които "
    "най след му си "
    "тя само още може те през без така така бе било ни",
    "ar": "في من على أن إلى عن التي مع هذا هذه كان ما لا الذي بعد قد كما ذلك بين كل لم أو حيث خلال قبل هو هي منذ "
    "كانت حتى وقد "
    "إن ولا غير عند وهو أنه وفي ومن",
    "fa": "و در به از که این را با است برای آن یک خود تا بر هم نیز شد می ها های شده کرد اما بود بودن باید دیگر یا "
    "اگر ما او پس "
    "کند آنها کرده بین",
    "ur": "کے کی میں ہے اور سے کا کو نے پر کہ ہیں اس یہ بھی کر ہو تھا لیے گیا جو ایک نہیں ان وہ تھی تو ہی رہے جا "
    "ساتھ بعد ہوئے",
    "hi": "के है में की और से का को ने पर कि हैं इस यह भी कर हो था लिए गया जो एक नहीं उन वह थी तो ही रहे जा साथ बाद हुए अपने किया",
    "mr": "आहे आणि या च्या ते हे की तर नाही होते केले करून असे आहेत त्या मध्ये साठी होता झाली ही एक तो त्यांनी म्हणून",
}

FUNCTION_WORDS: dict[str, frozenset[str]] = {code: frozenset(words.split()) for code, words in _LISTS.items()}
"""ISO 639-1 code → its commonest function words, lower-cased."""
