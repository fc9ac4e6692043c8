/**
 * Reads a summary aloud, sentence by sentence, with the browser's own voices.
 */
(() => {
  notime.listening = (changed, signal) => {
    const { speechSynthesis: synthesis } = globalThis;
    let place = -1;

    /**
     * @param {string} language
     * @returns {SpeechSynthesisVoice | undefined} one that speaks on this computer: others send the text away
     */
    function voiceFor(language) {
      const able = (synthesis?.getVoices() ?? []).filter(
        (voice) => voice.localService && voice.lang.slice(0, 2) === language.slice(0, 2),
      );
      return able.find((voice) => voice.default) ?? able[0];
    }

    function stop() {
      if (place >= 0) {
        place = -1;
        synthesis.cancel();
      }
    }

    /**
     * @param {PanelState} state
     * @param {number} next
     */
    function speak(state, next) {
      const sentence = state.sentences[next];
      place = sentence ? next : -1;
      if (sentence) {
        const words = new SpeechSynthesisUtterance(sentence.text);
        words.voice = voiceFor(state.article?.language ?? "") ?? null;
        words.lang = words.voice?.lang ?? "";
        const go = () => {
          if (place === next) {
            speak(state, next + 1);
          }
        };
        words.addEventListener("end", go);
        words.addEventListener("error", () => {
          if (place === next) {
            stop();
            changed();
          }
        });
        synthesis.speak(words);
      }
      changed();
    }

    synthesis?.addEventListener("voiceschanged", changed, { signal });
    signal.addEventListener("abort", stop);
    return {
      stop,
      speaks: () => place,
      /** @param {string} language */
      knows: (language) => voiceFor(language) !== undefined,
      /** @param {PanelState} state */
      toggle(state) {
        const speaking = place >= 0;
        stop();
        if (speaking) {
          changed();
        } else {
          speak(state, 0);
        }
      },
    };
  };
})();
