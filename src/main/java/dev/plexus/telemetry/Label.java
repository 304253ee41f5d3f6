package dev.plexus.telemetry;

import java.util.Locale;

/// Every label of our metrics. Values come from configuration or from closed sets, never straight from a client, so their number is bounded.
enum Label {
    ALIAS("The alias's canonical name; `direct` for direct routes, `unknown` while no alias was found."),
    PROVIDER("The provider's id; `none` when no attempt was made."),
    MODEL("The upstream model; `none` when no attempt was made, `unknown` for a direct route that did not succeed."),
    DIALECT("The client's dialect: `chat`, `messages`, `gemini`, `responses`, `embeddings`, `transcriptions`, `speech`, `images`."),
    STATUS("How the exchange ended: `success`, `error`, `cancelled`, `timeout`, `stall`, `empty`, `quota_exceeded`, `aborted`."),
    HTTP("Class of the HTTP status: `1xx` to `5xx`, `none` where there was none."),
    OUTCOME("How the attempt ended: `success`, `failed`, `skipped`."),
    KIND("`input`, `cached`, `cache_write`, `output`, and `reasoning`, which is a part of `output`."),
    RESULT("`accepted` or `refused`."),
    TARGET_DIALECT("The dialect in which the target was called."),
    FEATURE("What was left out or changed: `thinking`, `seed`, `cache_mark`, `native_member`; docs/TRANSLATION.md lists them all."),
    LANE("The number of the event loop's lane.");

    private final String meaning;
    private final String key = name().toLowerCase(Locale.ROOT);

    Label(String meaning) {
        this.meaning = meaning;
    }

    String key() {
        return key;
    }

    String meaning() {
        return meaning;
    }
}
