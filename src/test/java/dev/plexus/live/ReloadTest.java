package dev.plexus.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.config.Config;
import dev.plexus.config.ConfigFault;
import dev.plexus.config.ConfigRead;
import dev.plexus.config.ConfigReader;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReloadTest {

    private static final ConfigReader READER = new ConfigReader(_ -> null);
    private static final String GOOD = "adminKey: a\nproviders: {}\nmodels: {}\nkeys: {k: {secret: s}}\n";
    private static final String BETTER = GOOD.replace("secret: s", "secret: t");
    private static final String BROKEN = GOOD + "cooldown: [\n";

    private final Config initial = Objects.requireNonNull(READER.read(GOOD).config());
    private final Reload reload = new Reload(initial);

    @Test
    void a_changed_file_is_adopted() {
        Reload.Verdict verdict = judge(BETTER, false);

        assertThat(verdict).isInstanceOf(Reload.Verdict.Adopted.class);
        assertThat(reload.state().hash()).isNotEqualTo(initial.hash());
        assertThat(reload.isNews(BETTER)).isFalse();
    }

    @Test
    void an_adopted_file_says_what_it_uses_without_effect() {
        assertThat(judge(BETTER + "publicUrl: https://llm.test\n", false))
                .isInstanceOfSatisfying(Reload.Verdict.Adopted.class, adopted ->
                        assertThat(adopted.remarks()).extracting(ConfigFault::path).containsExactly("publicUrl"));
    }

    @Test
    void a_comment_changes_nothing() {
        assertThat(judge("# hello\n" + GOOD, false)).isInstanceOf(Reload.Verdict.Unchanged.class);
        assertThat(reload.state().hash()).isEqualTo(initial.hash());
    }

    @Test
    void a_broken_file_is_looked_at_twice_and_then_refused_with_its_faults() {
        assertThat(judge(BROKEN, false)).isInstanceOf(Reload.Verdict.Again.class);
        assertThat(reload.state().lastReloadErrors()).isEmpty();

        assertThat(judge(BROKEN, true)).isInstanceOf(Reload.Verdict.Refused.class);
        assertThat(reload.state().lastReloadErrors()).isNotEmpty();
        assertThat(reload.state().hash()).isEqualTo(initial.hash());
        assertThat(reload.isNews(BROKEN)).isFalse();
    }

    @Test
    void a_half_written_file_that_is_whole_on_the_second_look_is_adopted_without_a_word() {
        judge(BROKEN, false);

        assertThat(judge(BETTER, true)).isInstanceOf(Reload.Verdict.Adopted.class);
        assertThat(reload.state().lastReloadErrors()).isEmpty();
    }

    @Test
    void going_back_to_what_serves_clears_the_faults() {
        judge(BROKEN, true);

        assertThat(judge(GOOD, false)).isInstanceOf(Reload.Verdict.Unchanged.class);
        assertThat(reload.state().lastReloadErrors()).isEmpty();
    }

    @Test
    void a_file_that_is_gone_is_a_fault_and_changes_nothing() {
        assertThat(reload.judge(null, Reload.GONE, false)).isInstanceOf(Reload.Verdict.Again.class);
        assertThat(reload.judge(null, Reload.GONE, true)).isInstanceOf(Reload.Verdict.Refused.class);
        assertThat(reload.state().hash()).isEqualTo(initial.hash());
        assertThat(reload.isNews(null)).isFalse();
        assertThat(reload.isNews(GOOD)).isTrue();
    }

    private Reload.Verdict judge(String text, boolean again) {
        ConfigRead read = READER.read(text);
        return reload.judge(text, read, again);
    }
}
