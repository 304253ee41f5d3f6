package dev.plexus.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The house keeps its rules, and each rule notices the offence that is planted for it.
class HouseRulesTest {

    private static final String PLANTED = "dev.plexus.house.planted";
    private static final JavaClasses HOUSE =
            new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.plexus");
    private static final JavaClasses OFFENCES = new ClassFileImporter().importPackages(PLANTED);

    /// Which planted class, by simple name, each rule must name.
    private static final Map<String, String> OFFENDERS = Map.ofEntries(
            Map.entry("arrows point down", "UpwardMessage"),
            Map.entry("no cycles", "LeftOfCycle"),
            Map.entry("dialects are strangers", "FirstDialect"),
            Map.entry("rooms are strangers", "NosyRoom"),
            Map.entry("codecs are pure", "NetworkedModel"),
            Map.entry("the model knows no format", "FormattedModel"),
            Map.entry("configuration and wire need only the model", "PricedWire"),
            Map.entry("dialects need only wire and the model", "FirstDialect"),
            Map.entry("pricing needs only configuration and the model", "WiredPricing"),
            Map.entry("tokens need only wire and the model", "PricedTokens"),
            Map.entry("verticles are final and say so by their name", "LooseActor"),
            Map.entry("what is called a verticle is one", "FalseVerticle"),
            Map.entry("verticles are built in app", "VerticleBuilder"),
            Map.entry("no mutable statics", "SharedCounter"),
            Map.entry("time is a parameter", "ClockReader"),
            Map.entry("only the command line prints", "TalkativeRoom"),
            Map.entry("no generic exceptions", "VagueThrower"),
            Map.entry("names that say nothing", "TextUtils"),
            Map.entry("the bus is typed", "UntypedCaller"),
            Map.entry("SQL lives in storage", "SqlOutside"),
            Map.entry("no JSON trees in signatures", "TreeShower"),
            Map.entry("nobody sleeps", "Sleeper"),
            Map.entry("no thread locals", "LocalHolder"));

    static Stream<String> rules() {
        return new HouseRules("dev.plexus").all().keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_house_keeps(String rule) {
        EvaluationResult result = new HouseRules("dev.plexus").all().get(rule).evaluate(HOUSE);

        assertThat(result.getFailureReport().getDetails()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void a_planted_offence_is_noticed_by(String rule) {
        EvaluationResult result = new HouseRules(PLANTED).all().get(rule).evaluate(OFFENCES);

        assertThat(result.getFailureReport().getDetails()).anyMatch(detail -> detail.contains(OFFENDERS.get(rule)));
    }

    @Test
    void every_rule_has_its_offender_and_every_offender_its_rule() {
        Set<String> proven = new HashSet<>(OFFENDERS.keySet());

        assertThat(proven).containsExactlyInAnyOrderElementsOf(rules().toList());
    }
}
