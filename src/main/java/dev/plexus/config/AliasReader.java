package dev.plexus.config;

import dev.plexus.model.AliasName;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `models`, all aliases together, since they name one another. One instance per document.
final class AliasReader {

    private static final String STRIP_ADAPTIVE_THINKING = "strip_adaptive_thinking";

    private final Map<ProviderId, Provider> providers;
    private final Map<String, Cursor> aliases;
    private final List<String> providerNames;
    /// Every name that leads to an alias, with the alias's key.
    private final Map<String, String> owners = new HashMap<>();

    AliasReader(Map<ProviderId, Provider> providers, Map<String, Cursor> aliases) {
        this.providers = providers;
        this.aliases = aliases;
        this.providerNames = providers.keySet().stream().map(ProviderId::value).toList();
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
        List<Target> targets = new ArrayList<>();
        Set<TargetId> seen = new LinkedHashSet<>();
        Set<String> trail = new LinkedHashSet<>(Set.of(name));
        collect(at, trail, targets, seen, true);
        ModelType type = ProviderReader.modelType(at);
        warnOfType(at, type, targets);
        return new Alias(
                new AliasName(name),
                selector(at),
                at.word("priority", "selector").equals("api_match"),
                at.flag("api_match_strict", false),
                targets,
                additional,
                type,
                stripsAdaptiveThinking(at),
                SettingsReader.retry(at.object("retry")));
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

    /// Adds the targets of an alias: its own, then those of the aliases it names; group by group. `own` is true for the alias being read.
    private void collect(Cursor at, Set<String> trail, List<Target> targets, Set<TargetId> seen, boolean own) {
        add(at.list("targets"), trail, targets, seen, own);
        for (Cursor group : at.list("target_groups")) {
            add(group.list("targets"), trail, targets, seen, own);
        }
    }

    private void add(List<Cursor> declared, Set<String> trail, List<Target> targets, Set<TargetId> seen, boolean own) {
        for (Cursor at : declared) {
            if (!at.has("alias")) {
                addConcrete(at, targets, seen, own);
            }
        }
        for (Cursor at : declared) {
            if (at.has("alias") && at.flag("enabled", true)) {
                addAlias(at, trail, targets, seen, own);
            }
        }
    }

    private void addConcrete(Cursor at, List<Target> targets, Set<TargetId> seen, boolean own) {
        String provider = at.text("provider", "");
        String model = at.text("model", "");
        if (own) {
            for (String key : List.of("provider", "model")) {
                if (!at.has(key)) {
                    at.faults().error(at.place(), at.pathOf(key), "must be given");
                }
            }
        }
        if (provider.isBlank() || model.isBlank()) {
            return;
        }
        ProviderId id = new ProviderId(provider);
        if (own && !providers.containsKey(id) && !at.faults().full()) {
            at.warning("provider", "no provider " + at.quoted("provider") + ignoredUnless(Nearest.hint(provider, providerNames)));
        }
        if (seen.add(new TargetId(id, model))) {
            targets.add(new Target(id, model, at.flag("enabled", true)));
        } else if (own) {
            at.warning("stands in this alias before; the first one holds");
        }
    }

    private void addAlias(Cursor at, Set<String> trail, List<Target> targets, Set<TargetId> seen, boolean own) {
        String wanted = at.text("alias", "");
        String owner = owners.get(wanted);
        if (owner == null) {
            if (own) {
                at.warning("alias", "no alias " + at.quoted("alias") + ignoredUnless(Nearest.hint(wanted, owners.keySet())));
            }
            return;
        }
        if (!trail.add(owner)) {
            if (owner.equals(trail.iterator().next()) && isFirst(owner, trail)) {
                at.error("alias", "the alias leads back to itself: " + String.join(" → ", trail) + " → " + owner);
            }
            return;
        }
        Cursor other = aliases.get(owner);
        if (other != null) {
            collect(other, trail, targets, seen, false);
        }
        trail.remove(owner);
    }

    private static String ignoredUnless(String hint) {
        return hint.isEmpty() ? "; the target is ignored" : hint;
    }

    /// True for the member of a circle that stands first in the file; it is the one that reports the circle.
    private boolean isFirst(String owner, Set<String> circle) {
        return aliases.keySet().stream().filter(circle::contains).findFirst().filter(owner::equals).isPresent();
    }

    private static Selector selector(Cursor at) {
        String word = at.word("selector", "random");
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
