package dev.plexus.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Builds the [Tree] of one YAML document from parser events, with every bound that a hostile file would run into. One instance per document.
///
/// It stands in for the library's own composer because that one recurses without a bound, has no merge keys, and stops at the first duplicate key.
final class TreeReader {

    static final int BYTES_MAX = 5 * 1024 * 1024;
    static final int DEPTH_MAX = 64;
    static final int ALIASES_MAX = 1_000;
    /// Of the document with every alias written out; a long text counts as several.
    static final long NODES_MAX = 200_000;

    private static final int CHARACTERS_PER_NODE = 64;

    private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();
    private static final String MERGE = "<<";

    /// Ends the reading: what follows cannot be understood.
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Place place;

        Unreadable(Place place, String message) {
            super(message, null, false, false);
            this.place = place;
        }
    }

    private record Built(Tree tree, long nodes) {}

    private final Faults faults;
    private final Iterator<Event> events;
    private final Map<Anchor, Built> anchored = new HashMap<>();
    private int aliases;

    private TreeReader(String yaml, Faults faults) {
        this.faults = faults;
        // One buffer for the whole text: the scanner copies what it holds whenever it fetches more, which makes long scalars quadratic.
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setBufferSize(yaml.length() + 1)
                .setCodePointLimit(BYTES_MAX)
                .setLabel("configuration")
                .build();
        this.events = new Parse(settings).parseString(yaml).iterator();
    }

    /// The tree, or null when the text is not one YAML document; the faults then say why.
    static @Nullable Tree read(String yaml, Faults faults) {
        if (yaml.length() > BYTES_MAX || yaml.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            faults.error(Place.START, "", "the file is larger than 5 MiB");
            return null;
        }
        try {
            return new TreeReader(yaml, faults).document();
        } catch (Unreadable unreadable) {
            faults.error(unreadable.place, "", String.valueOf(unreadable.getMessage()));
        } catch (MarkedYamlEngineException broken) {
            Place place = broken.getProblemMark().or(broken::getContextMark).map(TreeReader::placeOf).orElse(Place.START);
            faults.error(place, "", "not valid YAML: " + broken.getProblem());
        } catch (YamlEngineException broken) {
            faults.error(Place.START, "", "not valid YAML: " + broken.getMessage());
        }
        return null;
    }

    private Tree document() {
        Tree root = new Tree.Mapping(List.of(), Place.START);
        int documents = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> {
                    if (++documents > 1) {
                        throw new Unreadable(placeOf(event), "the file must hold one YAML document, a second one begins here");
                    }
                }
                case Alias, Scalar, SequenceStart, MappingStart -> root = node(event, "", 0).tree();
                case StreamStart, StreamEnd, DocumentEnd, Comment, SequenceEnd, MappingEnd -> {}
            }
        }
        return root;
    }

    private Built node(Event event, String path, int depth) {
        if (depth > DEPTH_MAX) {
            throw new Unreadable(placeOf(event), "nested deeper than " + DEPTH_MAX + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        Built built =
                switch (event) {
                    case ScalarEvent scalar -> new Built(scalar(scalar), 1 + scalar.getValue().length() / CHARACTERS_PER_NODE);
                    case SequenceStartEvent start -> {
                        plainTag(start, start.getTag(), Tag.SEQ);
                        yield sequence(start, path, depth);
                    }
                    case MappingStartEvent start -> {
                        plainTag(start, start.getTag(), Tag.MAP);
                        yield mapping(start, path, depth);
                    }
                    default -> throw new Unreadable(placeOf(event), "not valid YAML");
                };
        if (built.nodes() > NODES_MAX) {
            throw new Unreadable(placeOf(event), "more than " + NODES_MAX + " values, aliases written out");
        }
        if (event instanceof NodeEvent named && named.getAnchor().isPresent()) {
            anchored.put(named.getAnchor().get(), built);
        }
        return built;
    }

    private Built aliased(AliasEvent alias) {
        if (++aliases > ALIASES_MAX) {
            throw new Unreadable(placeOf(alias), "more than " + ALIASES_MAX + " aliases");
        }
        Built target = anchored.get(alias.getAlias());
        if (target == null) {
            throw new Unreadable(placeOf(alias), "no anchor &" + alias.getAlias().getValue() + " before this alias");
        }
        return target;
    }

    private Built sequence(Event start, String path, int depth) {
        List<Tree> items = new ArrayList<>();
        long nodes = 1;
        for (Event event = events.next(); !(event instanceof SequenceEndEvent); event = events.next()) {
            Built item = node(event, Paths.item(path, items.size()), depth + 1);
            items.add(item.tree());
            nodes += item.nodes();
        }
        return new Built(new Tree.Sequence(List.copyOf(items), placeOf(start)), nodes);
    }

    private Built mapping(Event start, String path, int depth) {
        Map<String, Tree.Member> own = new LinkedHashMap<>();
        long nodes = 1;
        for (Event event = events.next(); !(event instanceof MappingEndEvent); event = events.next()) {
            Place place = placeOf(event);
            if (!(node(event, path, depth + 1).tree() instanceof Tree.Scalar key)) {
                throw new Unreadable(place, "a key must be plain text");
            }
            String memberPath = Paths.member(path, key.text());
            Built value = node(events.next(), memberPath, depth + 1);
            nodes += 1 + value.nodes();
            Tree.Member first = own.putIfAbsent(key.text(), new Tree.Member(key.text(), place, value.tree()));
            if (first != null) {
                faults.error(place, memberPath, "the key stands twice in one place, first in line " + first.place().line());
            }
        }
        Tree.Member merge = own.remove(MERGE);
        if (merge != null) {
            toMerge(merge.value(), merge.place()).forEach(member -> own.putIfAbsent(member.name(), member));
        }
        return new Built(new Tree.Mapping(List.copyOf(own.values()), placeOf(start)), nodes);
    }

    private static List<Tree.Member> toMerge(Tree value, Place place) {
        return switch (value) {
            case Tree.Mapping mapping -> mapping.members();
            case Tree.Sequence sequence ->
                sequence.items().stream().flatMap(item -> toMerge(item, place).stream()).toList();
            case Tree.Scalar _ -> throw new Unreadable(place, "<< merges a mapping, or a list of mappings");
        };
    }

    private static Tree.Scalar scalar(ScalarEvent event) {
        String tag = event.getTag().orElse(null);
        Tag resolved = tag == null ? CORE.resolve(event.getValue(), event.isPlain()) : new Tag(tag);
        Tree.Sort sort;
        if (resolved.equals(Tag.STR) || resolved.equals(Tag.ENV_TAG) || "!".equals(tag)) {
            sort = Tree.Sort.TEXT;
        } else if (resolved.equals(Tag.INT)) {
            sort = Tree.Sort.WHOLE;
        } else if (resolved.equals(Tag.FLOAT)) {
            sort = Tree.Sort.DECIMAL;
        } else if (resolved.equals(Tag.BOOL)) {
            sort = Tree.Sort.FLAG;
        } else if (resolved.equals(Tag.NULL)) {
            sort = Tree.Sort.NOTHING;
        } else {
            throw new Unreadable(placeOf(event), "the tag " + tag + " is not supported");
        }
        return new Tree.Scalar(event.getValue(), sort, Tree.Origin.WRITTEN, placeOf(event));
    }

    private static void plainTag(Event event, Optional<String> tag, Tag allowed) {
        if (tag.isPresent() && !tag.get().equals(allowed.getValue()) && !tag.get().equals("!")) {
            throw new Unreadable(placeOf(event), "the tag " + tag.get() + " is not supported");
        }
    }

    /// What the core schema takes this text for when it is written without quotes.
    static Tree.Sort sortOf(String text) {
        Tag tag = CORE.resolve(text, true);
        if (tag.equals(Tag.INT)) {
            return Tree.Sort.WHOLE;
        }
        if (tag.equals(Tag.FLOAT)) {
            return Tree.Sort.DECIMAL;
        }
        return tag.equals(Tag.BOOL) ? Tree.Sort.FLAG : Tree.Sort.TEXT;
    }

    private static Place placeOf(Event event) {
        return event.getStartMark().map(TreeReader::placeOf).orElse(Place.START);
    }

    private static Place placeOf(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
