package dev.plexus.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of the house that byte code can show, for the packages under one root: `dev.plexus`, or the planted offences that prove them.
final class HouseRules {

    private static final String[] ROOMS =
            {"ingress", "routing", "provider", "quota", "usage", "prices", "mcp", "oauth", "upstreamquota", "admin", "live", "simulator"};

    private final String root;

    HouseRules(String root) {
        this.root = root;
    }

    /// All rules by name.
    Map<String, ArchRule> all() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put("arrows point down", arrowsPointDown());
        rules.put("no cycles", slices().matching(root + ".(*)..").should().beFreeOfCycles());
        rules.put("dialects are strangers", slices().matching(root + ".dialect.(*)..").should().notDependOnEachOther());
        rules.put("rooms are strangers",
                slices().matching(root + ".(" + String.join("|", ROOMS) + ")..").should().notDependOnEachOther());
        rules.put("codecs are pure", noClasses().that().resideInAnyPackage(in("model", "wire", "dialect", "pricing", "config", "tokens"))
                .should().dependOnClassesThat().resideInAnyPackage("io.vertx..", "io.netty..", "java.net.http..", "java.sql.."));
        rules.put("the model knows no format", noClasses().that().resideInAnyPackage(in("model"))
                .should().dependOnClassesThat().resideInAnyPackage("com.fasterxml.."));
        rules.put("configuration and wire need only the model", noClasses().that().resideInAnyPackage(in("config", "wire"))
                .should(dependOnOtherRoomThan("model")));
        rules.put("dialects need only wire and the model", noClasses().that().resideInAnyPackage(in("dialect"))
                .should(dependOnOtherRoomThan("model", "wire")));
        rules.put("pricing needs only configuration and the model", noClasses().that().resideInAnyPackage(in("pricing"))
                .should(dependOnOtherRoomThan("model", "config")));
        rules.put("tokens need only wire and the model", noClasses().that().resideInAnyPackage(in("tokens"))
                .should(dependOnOtherRoomThan("model", "wire")));
        rules.put("verticles are final and say so by their name", classes().that().areAssignableTo(VerticleBase.class)
                .should().haveModifier(JavaModifier.FINAL)
                .andShould().haveSimpleNameEndingWith("Verticle"));
        rules.put("what is called a verticle is one", classes().that().haveSimpleNameEndingWith("Verticle")
                .should().beAssignableTo(VerticleBase.class));
        rules.put("verticles are built in app", noClasses().that().resideOutsideOfPackage(root + ".app..").should(buildVerticles()));
        rules.put("no mutable statics", fields().that().areStatic().should().beFinal());
        rules.put("time is a parameter", noClasses().that().resideOutsideOfPackages(in("app", "telemetry"))
                .and().doNotHaveFullyQualifiedName(root + ".simulator.Simulator") // which also runs alone, as a process of its own
                .should(readTheClock()));
        rules.put("only the command line prints", noClasses().that().resideOutsideOfPackage(root + ".cli..").should(ACCESS_STANDARD_STREAMS));
        rules.put("no generic exceptions", noClasses().should(THROW_GENERIC_EXCEPTIONS));
        rules.put("names that say nothing", noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?"));
        rules.put("the bus is typed", noClasses().that().resideOutsideOfPackage(root + ".message..")
                .should().dependOnClassesThat().belongToAnyOf(EventBus.class, Message.class, MessageConsumer.class, MessageProducer.class));
        rules.put("SQL lives in storage", noClasses().that().resideOutsideOfPackages(in("storage", "app"))
                .should().dependOnClassesThat().resideInAnyPackage(
                        "java.sql..", "javax.sql..", "io.vertx.sqlclient..", "io.vertx.jdbcclient..", "io.vertx.pgclient..", "org.flywaydb.."));
        rules.put("no JSON trees in signatures", noClasses()
                .that().resideInAnyPackage(in("model", "message", "routing", "quota", "usage")).should(showJsonTrees()));
        rules.put("nobody sleeps", noClasses().should().callMethod(Thread.class, "sleep", long.class)
                .orShould().callMethod(Thread.class, "sleep", Duration.class));
        rules.put("no thread locals", noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
        rules.replaceAll((_, rule) -> rule.allowEmptyShould(true));
        return rules;
    }

    private ArchRule arrowsPointDown() {
        return layeredArchitecture().consideringOnlyDependenciesInAnyPackage(root + "..").withOptionalLayers(true)
                .layer("composition").definedBy(in("cli", "app"))
                .layer("rooms").definedBy(in(ROOMS))
                .layer("adapters").definedBy(in("storage", "cluster", "telemetry"))
                .layer("messages").definedBy(in("message"))
                .layer("rules and codecs").definedBy(in("dialect", "pricing", "config", "tokens", "wire"))
                .layer("model").definedBy(in("model"))
                .whereLayer("composition").mayNotBeAccessedByAnyLayer()
                .whereLayer("rooms").mayOnlyBeAccessedByLayers("composition")
                .whereLayer("adapters").mayOnlyBeAccessedByLayers("rooms", "composition")
                .whereLayer("messages").mayOnlyBeAccessedByLayers("adapters", "rooms", "composition")
                .whereLayer("rules and codecs").mayOnlyBeAccessedByLayers("messages", "adapters", "rooms", "composition");
    }

    private String[] in(String... packages) {
        return Stream.of(packages).map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    /// Anything of ours outside its own top-level package and the allowed ones.
    private ArchCondition<JavaClass> dependOnOtherRoomThan(String... allowed) {
        return new ArchCondition<>("depend on any of our packages but " + String.join(", ", allowed)) {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                Set<String> fine = Stream.concat(Stream.of(allowed), Stream.of(room(from))).collect(Collectors.toSet());
                from.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> dependency.getTargetClass().getPackageName().startsWith(root + "."))
                        .filter(dependency -> !fine.contains(room(dependency.getTargetClass())))
                        .forEach(dependency -> events.add(SimpleConditionEvent.satisfied(from, dependency.getDescription())));
            }
        };
    }

    private String room(JavaClass type) {
        String below = type.getPackageName().substring(Math.min(root.length() + 1, type.getPackageName().length()));
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }

    /// Calls and references of constructors, but not a verticle's call of its superclass.
    private static ArchCondition<JavaClass> buildVerticles() {
        return new ArchCondition<>("build verticles") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                Stream.concat(from.getConstructorCallsFromSelf().stream(), from.getConstructorReferencesFromSelf().stream())
                        .filter(access -> access.getTargetOwner().isAssignableTo(VerticleBase.class))
                        .filter(access -> !access.getTargetOwner().isEquivalentTo(VerticleBase.class))
                        .filter(access -> !access.getTargetOwner().equals(from))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(from, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> readTheClock() {
        return new ArchCondition<>("read the clock") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                from.getCodeUnitAccessesFromSelf().stream()
                        .filter(access -> tellsTheTime(access.getTargetOwner().getName(), access.getName()))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(from, access.getDescription())));
            }
        };
    }

    private static boolean tellsTheTime(String owner, String method) {
        return switch (owner) {
            case "java.lang.System" -> method.equals("currentTimeMillis") || method.equals("nanoTime");
            case "java.time.Clock", "java.time.InstantSource" -> method.startsWith("system");
            default -> owner.startsWith("java.time.") && method.equals("now");
        };
    }

    private static ArchCondition<JavaClass> showJsonTrees() {
        return new ArchCondition<>("show JSON trees in their signatures") {
            @Override
            public void check(JavaClass from, ConditionEvents events) {
                for (JavaField field : from.getFields()) {
                    if (isJsonTree(field.getRawType())) {
                        events.add(SimpleConditionEvent.satisfied(from, field.getDescription() + " is a JSON tree"));
                    }
                }
                for (JavaCodeUnit unit : from.getCodeUnits()) {
                    if (isJsonTree(unit.getRawReturnType()) || unit.getRawParameterTypes().stream().anyMatch(HouseRules::isJsonTree)) {
                        events.add(SimpleConditionEvent.satisfied(from, unit.getDescription() + " shows a JSON tree"));
                    }
                }
            }
        };
    }

    private static boolean isJsonTree(JavaClass type) {
        return resideInAnyPackage("io.vertx.core.json..", "com.fasterxml.jackson.databind..").test(type);
    }
}
