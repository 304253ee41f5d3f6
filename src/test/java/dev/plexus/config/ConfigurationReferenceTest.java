package dev.plexus.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The tables of keys in `docs/CONFIGURATION.md` are made from the schema that files are checked against.
///
/// When the schema has changed, write them anew with
/// `mvn test -Dtest=ConfigurationReferenceTest -Dplexus.docs.write=true`
class ConfigurationReferenceTest {

    private static final Path DOCUMENT = Path.of("docs/CONFIGURATION.md");
    private static final Pattern TABLE = Pattern.compile("<!-- keys: (.*?) -->\n(.*?)<!-- end of keys -->", Pattern.DOTALL);

    @Test
    void the_tables_say_what_the_reader_knows() throws IOException {
        String committed = Files.readString(DOCUMENT);
        List<String> shown = new ArrayList<>();
        String fresh = TABLE.matcher(committed).replaceAll(found -> {
            shown.add(found.group(1));
            return Matcher.quoteReplacement("<!-- keys: " + found.group(1) + " -->\n" + table(found.group(1)) + "<!-- end of keys -->");
        });

        if (Boolean.getBoolean("plexus.docs.write")) {
            Files.writeString(DOCUMENT, fresh);
            return;
        }
        assertThat(shown).as("sections with a table in " + DOCUMENT).containsExactlyInAnyOrderElementsOf(
                Schema.ALL.stream().map(Section::path).toList());
        assertThat(committed)
                .as("%s is stale; write it with: mvn test -Dtest=ConfigurationReferenceTest -Dplexus.docs.write=true", DOCUMENT)
                .isEqualTo(fresh);
    }

    private static String table(String path) {
        Section section = Schema.ALL.stream()
                .filter(candidate -> candidate.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the schema has no section " + path));
        StringBuilder rows = new StringBuilder("| Key | Holds | Default | Meaning |\n|---|---|---|---|\n");
        for (Key key : section.keys()) {
            String fallback = key.required() ? "**required**" : key.fallback();
            String mark = key.idle() != null || !hasEffect(section) ? " " + Kind.IDLE : "";
            rows.append("| `").append(key.name()).append('`').append(mark).append(" | ").append(cell(key.kind().describe())).append(" | ")
                    .append(cell(fallback)).append(" | ").append(cell(key.meaning())).append(" |\n");
        }
        return rows.toString();
    }

    /// True if a key that has an effect leads to the section.
    private static boolean hasEffect(Section section) {
        return section == Schema.TOP
                || section == Schema.PROVIDER_MODEL        // its key takes a list too, so its kind does not name the section
                || Schema.ALL.stream().anyMatch(outer -> outer != section
                        && outer.keys().stream().anyMatch(key -> leadsTo(key.kind(), section) && isFollowed(key))
                        && hasEffect(outer));
    }

    /// Only a part of a key with words of its own is without effect.
    private static boolean isFollowed(Key key) {
        return key.idle() == null || !key.idle().equals(Section.NO_EFFECT);
    }

    private static boolean leadsTo(Kind kind, Section section) {
        return switch (kind) {
            case Kind.Keys(Section inner) -> inner == section;
            case Kind.ListOf(Kind item) -> leadsTo(item, section);
            case Kind.MapOf(_, Kind value) -> leadsTo(value, section);
            case Kind.Text _, Kind.Flag _, Kind.Whole _, Kind.Decimal _, Kind.OneOf _, Kind.Url _, Kind.Span _, Kind.Free _ -> false;
        };
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
