package dev.plexus.config;

import dev.plexus.model.AliasName;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `models`, all aliases together, since they name one another. One instance per document.
final class AliasReader {

    /// Further than this no one means to go.
    private static final int ALIASES_DEEP = 16;
    private static final String STRIP_ADAPTIVE_THINKING = "strip_adaptive_thinking";

    private final Map<ProviderId, Provider> providers;
    private final Map<String, Cursor> aliases;
    private final Set<String> providerNames = new LinkedHashSet<>();
    /// Every name that leads to an alias, with the alias's key.
    private final Map<String, String> owners = new HashMap<>();

    AliasReader(Map<ProviderId, Provider> providers, Map<String, Cursor> aliases) {
        this.providers = providers;
        this.aliases = aliases;
        providers.keySet().forEach(id -> providerNames.add(id.value()));
        aliases.keySet().forEach(name -> owners.put(name, name));
    }

    Map<AliasName, Alias> read() {
        Map<String, List<String>> additional = new HashMap<>();
        aliases.forEach((name, at) -> additional.put(name, additionalNames(name, at)));
        Map<AliasName, Alias> read = new LinkedHashMap<>();
        aliases.forEach((name, at) -> read.put(new AliasName(name), alias(name, at, additional.getOrDefault(name, List.of()))));
        return read;
    }

    private Alias alias(String name, Cursor at, List<String> additional) {
        if (!at.mentions("targets") && !at.has("target_groups")) {
            at.faults().error(at.place(), at.pathOf("targets"), "must be given");
        }
        Selector selector = selector(at, Selector.RANDOM);
        List<TargetGroup> groups = new Collecting(name).all(at, selector);
        List<Target> targets = groups.stream().flatMap(group -> group.targets().stream()).toList();
        ModelType type = ProviderReader.modelType(at);
        warnOfType(at, type, targets);
        return new Alias(
                new AliasName(name),
                selector,
                at.word("priority", "selector").equals("api_match"),
                at.flag("api_match_strict", false),
                groups,
                targets,
                additional,
                type,
                stripsAdaptiveThinking(at),
                SettingsReader.retry(at),
                at.flag("sticky_session", false));
    }

    /// An alias's key beats an additional name, and of two additional names the first in the file wins.
    private List<String> additionalNames(String name, Cursor at) {
        Set<String> names = new LinkedHashSet<>();
        for (String other : at.texts("additional_aliases")) {
            String owner = other.isBlank() ? name : owners.putIfAbsent(other, name);
            if (owner != null && !owner.equals(name)) {
                at.warning("additional_aliases", "\"" + other + "\" already leads to the alias \"" + owner + "\", which wins");
            } else if (!other.isBlank() && !other.equals(name)) {
                names.add(other);
            }
        }
        return List.copyOf(names);
    }

    /// The work on the targets of one alias: its own, then those of the aliases it names, group by group.
    private final class Collecting {
        private final String name;
        /// Those of the group that is being read.
        private List<Target> targets = new ArrayList<>();
        private final Set<TargetId> seen = new HashSet<>();
        /// The aliases that led here, the one being read first.
        private final Set<String> trail = new LinkedHashSet<>();
        /// An alias that is reached in many ways is walked through once; without this a short file could ask for an endless walk.
        private final Set<String> walked = new HashSet<>();

        Collecting(String name) {
            this.name = name;
        }

        /// The groups that have any target, the flat list first.
        List<TargetGroup> all(Cursor at, Selector selector) {
            List<TargetGroup> groups = new ArrayList<>();
            Set<String> names = new HashSet<>();
            trail.add(name);
            walked.add(name);
            add(at.list("targets"));
            if (!targets.isEmpty()) {
                names.add(TargetGroup.DEFAULT);
                groups.add(new TargetGroup(TargetGroup.DEFAULT, selector, targets));
            }
            for (Cursor group : at.list("target_groups")) {
                String called = group.text("name", "");
                if (!called.isBlank() && !names.add(called)) {
                    group.warning("name", "stands in this alias before; a direct route leads to the first one");
                }
                targets = new ArrayList<>();
                add(group.list("targets"));
                if (!targets.isEmpty()) {
                    groups.add(new TargetGroup(called, selector(group, selector), targets));
                }
            }
            trail.remove(name);
            return groups;
        }

        private void walk(String alias, Cursor at) {
            trail.add(alias);
            walked.add(alias);
            add(at.list("targets"));
            for (Cursor group : at.list("target_groups")) {
                add(group.list("targets"));
            }
            trail.remove(alias);
        }

        private void add(List<Cursor> declared) {
            for (Cursor at : declared) {
                if (!at.has("alias")) {
                    addConcrete(at);
                }
            }
            for (Cursor at : declared) {
                if (at.has("alias") && at.flag("enabled", true) && !at.faults().full()) {
                    addAlias(at);
                }
            }
        }

        private void addConcrete(Cursor at) {
            if (isOwn()) {
                checkConcrete(at);
            }
            String provider = at.text("provider", "");
            String model = at.text("model", "");
            if (provider.isBlank() || model.isBlank()) {
                return;
            }
            ProviderId id = new ProviderId(provider);
            if (seen.add(new TargetId(id, model))) {
                targets.add(new Target(id, model, at.flag("enabled", true)));
            } else if (isOwn()) {
                at.warning("stands in this alias before; the first one holds");
            }
        }

        private void checkConcrete(Cursor at) {
            for (String key : List.of("provider", "model")) {
                if (!at.has(key)) {
                    at.faults().error(at.place(), at.pathOf(key), "must be given");
                }
            }
            String provider = at.text("provider", "");
            if (!provider.isBlank() && !providerNames.contains(provider) && !at.faults().full()) {
                at.warning("provider", "no provider " + at.quoted("provider") + ignoredUnless(Nearest.hint(provider, providerNames)));
            }
        }

        private void addAlias(Cursor at) {
            String wanted = at.text("alias", "");
            String owner = owners.get(wanted);
            Cursor other = owner == null ? null : aliases.get(owner);
            if (owner == null || other == null) {
                if (isOwn()) {
                    at.warning("alias", "no alias " + at.quoted("alias") + ignoredUnless(Nearest.hint(wanted, owners.keySet())));
                }
            } else if (trail.contains(owner)) {
                if (owner.equals(name) && isFirstOfTrail()) {
                    at.error("alias", "the alias leads back to itself: " + String.join(" → ", trail) + " → " + owner);
                }
            } else if (trail.size() > ALIASES_DEEP) {
                if (!walked.contains(owner)) {
                    at.error("alias", "leads through more than " + ALIASES_DEEP + " aliases");
                }
            } else if (!walked.contains(owner)) {
                walk(owner, other);
            }
        }

        /// True while the targets of the alias itself are looked at, which is when their faults are reported.
        private boolean isOwn() {
            return trail.size() == 1;
        }

        /// True if the alias being read stands first in the file among those of a circle; it is the one that reports the circle.
        private boolean isFirstOfTrail() {
            return aliases.keySet().stream().filter(trail::contains).findFirst().filter(name::equals).isPresent();
        }
    }

    private static String ignoredUnless(String hint) {
        return hint.isEmpty() ? "; the target is ignored" : hint;
    }

    private static Selector selector(Cursor at, Selector fallback) {
        String word = at.word("selector");
        if (word == null) {
            return fallback;
        }
        if (word.equals("quota")) {
            at.warning("selector", "\"quota\" is not there yet; \"usage\" orders the targets");
            return Selector.USAGE;
        }
        return Selector.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static boolean stripsAdaptiveThinking(Cursor at) {
        boolean strips = false;
        for (Cursor behaviour : at.list("advanced")) {
            String type = behaviour.text("type", "");
            if (type.equals(STRIP_ADAPTIVE_THINKING)) {
                strips |= behaviour.flag("enabled", true);
            } else if (!type.isBlank()) {
                behaviour.warning("type", "unknown behaviour, ignored" + Nearest.hint(type, List.of(STRIP_ADAPTIVE_THINKING)));
            }
        }
        return strips;
    }

    private void warnOfType(Cursor at, @Nullable ModelType type, List<Target> targets) {
        if (type == null || targets.isEmpty()) {
            return;
        }
        boolean allConflict = targets.stream().allMatch(target -> {
            Provider provider = providers.get(target.provider());
            ProviderModel model = provider == null ? null : provider.models().get(target.model());
            return model != null && model.type() != null && conflict(type, model.type());
        });
        if (allConflict) {
            at.warning("type", "none of the targets is of this type");
        }
    }

    private static boolean conflict(ModelType one, ModelType other) {
        return one != other && !(isChat(one) && isChat(other));
    }

    private static boolean isChat(ModelType type) {
        return type == ModelType.CHAT || type == ModelType.RESPONSES;
    }
}
