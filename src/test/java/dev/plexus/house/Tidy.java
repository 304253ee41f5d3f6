package dev.plexus.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The rules of the house that only the text of a file can show. Every check takes text and gives the offences it found, so each is tested with
/// a few lines.
final class Tidy {

    static final int LINE_LENGTH_MAX = 160;

    /// Tests quote wire formats, which do not break.
    static final int TEST_LINE_LENGTH_MAX = 260;

    private static final Pattern OPEN_TASK = Pattern.compile("\\b(?:TODO|FIXME|XXX)\\b(?!\\(#\\d+\\))");
    private static final Pattern DISABLED = Pattern.compile("@Disabled\\b");
    private static final Pattern SEALED = Pattern.compile("\\bsealed\\s+(?:interface|class)\\s+(\\w+)");
    private static final Pattern RECORD = Pattern.compile("\\b(?:record|enum|class)\\s+(\\w+)[^{;]*?\\bimplements\\s+([\\w., ]+)");
    private static final Pattern SWITCH = Pattern.compile("\\bswitch\\s*\\(");
    private static final Pattern DEFAULT = Pattern.compile("\\bdefault\\s*(?:->|:)");
    private static final Pattern TYPE_CASE = Pattern.compile("\\bcase\\s+(?:[A-Z]\\w*\\.)*([A-Z]\\w*[a-z]\\w*)\\s*(?:\\(|\\w+\\s*(?:->|,|when))");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)(?:#[^)]*)?\\)");
    private static final String STREAM_WRITER = "StreamWriter.java";
    private static final Set<String> TRANSLATION = Set.of(
            "RequestReader.java", "RequestWriter.java", "ResponseReader.java", "ResponseWriter.java", "StreamReader.java", STREAM_WRITER);
    private static final Pattern DIALECT_CLASS = Pattern.compile("\\w+Dialect\\.java");
    /// Assembled from pieces, so that this file is not its own offence.
    private static final Pattern MACHINE_PATH = Pattern.compile("(?<![\\w.])/" + "(?:work|root|Users|home)/" + "[\\w.]");
    private static final List<String> SIGN_LINES = List.of("/// Owns: ", "/// Threads: ", "/// Start reading at: [", "@NullMarked");
    private static final List<String> DECISION_SECTIONS =
            List.of("## Context", "## Options", "## Choice", "## What it costs", "## How we would know that it was wrong");

    private Tidy() {}

    /// A door sign: a first sentence, then what the room owns, its threads, whom it speaks to or what it never does, and where to begin.
    static List<String> doorSign(String packageInfo) {
        List<String> offences = new ArrayList<>();
        if (!packageInfo.startsWith("/// ")) {
            offences.add("the first line is not a sentence about the room");
        }
        for (String line : SIGN_LINES) {
            if (packageInfo.lines().noneMatch(text -> text.startsWith(line))) {
                offences.add("no line \"" + line.strip() + "\"");
            }
        }
        if (packageInfo.lines().noneMatch(text -> text.startsWith("/// Speaks: ") || text.startsWith("/// Never: "))) {
            offences.add("no line \"/// Speaks:\" or \"/// Never:\"");
        }
        return offences;
    }

    /// All dialect rooms have the same files, but for the name of the one public class; those without conversations have no translation.
    static List<String> dialectRooms(Map<String, Set<String>> filesByRoom) {
        Map<String, Set<String>> shapes = new LinkedHashMap<>();
        filesByRoom.forEach((room, files) -> {
            Set<String> shape = new TreeSet<>();
            files.forEach(file -> shape.add(DIALECT_CLASS.matcher(file).matches() ? "*Dialect.java" : file));
            shapes.put(room, shape);
        });
        Set<String> all = new TreeSet<>();
        shapes.values().forEach(all::addAll);
        List<String> offences = new ArrayList<>();
        shapes.forEach((room, shape) -> all.stream()
                .filter(file -> !shape.contains(file))
                .filter(file -> shape.contains(STREAM_WRITER) || !TRANSLATION.contains(file))
                .forEach(file -> offences.add(room + " has no " + file + ", other dialects do")));
        return offences;
    }

    static List<String> openTasks(String text) {
        return linesWith(text, line -> OPEN_TASK.matcher(line).find(), "an open task without an issue");
    }

    static List<String> disabledTests(String text) {
        return linesWith(text, line -> DISABLED.matcher(line).find(), "a disabled test");
    }

    static List<String> longLines(String text, int max) {
        return linesWith(text, line -> line.length() > max, "longer than " + max + " characters");
    }

    static List<String> machinePaths(String text) {
        return linesWith(text, line -> MACHINE_PATH.matcher(line).find(), "a path of one machine");
    }

    /// The names of everything that belongs to one of our sealed types.
    static Set<String> sealedVariants(Iterable<String> sources) {
        Set<String> sealed = new TreeSet<>();
        for (String source : sources) {
            SEALED.matcher(withoutWords(source)).results().map(result -> result.group(1)).forEach(sealed::add);
        }
        Set<String> variants = new TreeSet<>();
        for (String source : sources) {
            for (MatchResult variant : RECORD.matcher(withoutWords(source)).results().toList()) {
                for (String implemented : variant.group(2).split("[, ]+")) {
                    if (sealed.contains(implemented.substring(implemented.lastIndexOf('.') + 1))) {
                        variants.add(variant.group(1));
                    }
                }
            }
        }
        return variants;
    }

    /// Switches that name a variant of a sealed type and still have a `default`: a new variant would slip through them.
    static List<String> defaultsOverSealed(String source, Set<String> variants) {
        String code = withoutWords(source);
        List<String> offences = new ArrayList<>();
        Matcher matcher = SWITCH.matcher(code);
        while (matcher.find()) {
            int open = code.indexOf('{', matcher.end());
            if (open < 0) {
                break;
            }
            String body = withoutInnerSwitches(code.substring(open + 1, closing(code, open)));
            boolean overSealed = TYPE_CASE.matcher(body).results().anyMatch(result -> variants.contains(result.group(1)));
            if (overSealed && DEFAULT.matcher(body).find()) {
                long line = code.substring(0, matcher.start()).lines().count();
                offences.add("line " + Math.max(1, line) + ": a default in a switch over a sealed type");
            }
        }
        return offences;
    }

    /// A decision record has all its sections.
    static List<String> decisionRecord(String text) {
        return DECISION_SECTIONS.stream()
                .filter(section -> text.lines().noneMatch(section::equals))
                .map(section -> "no section \"" + section + "\"")
                .toList();
    }

    /// Links of a Markdown text to files that `exists` does not know. Addresses on the network are not followed.
    static List<String> deadLinks(String markdown, Predicate<String> exists) {
        List<String> offences = new ArrayList<>();
        for (MatchResult link : LINK.matcher(markdown).results().toList()) {
            String target = link.group(1);
            if (!target.contains("://") && !target.startsWith("mailto:") && !exists.test(target)) {
                offences.add("a link to " + target + ", which is not there");
            }
        }
        return offences;
    }

    private static List<String> linesWith(String text, Predicate<String> offends, String offence) {
        List<String> offences = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (offends.test(lines.get(i))) {
                offences.add("line " + (i + 1) + ": " + offence);
            }
        }
        return offences;
    }

    /// The code with comments and literals blanked out, line breaks kept, so that braces and words in them do not count.
    private static String withoutWords(String source) {
        StringBuilder code = new StringBuilder(source);
        int at = 0;
        while (at < source.length()) {
            int end;
            if (source.startsWith("//", at)) {
                end = orEnd(source, source.indexOf('\n', at));
            } else if (source.startsWith("/*", at)) {
                end = orEnd(source, source.indexOf("*/", at + 2) + 1);
            } else if (source.startsWith("\"\"\"", at)) {
                end = orEnd(source, source.indexOf("\"\"\"", at + 3) + 3);
            } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
                end = literalEnd(source, at);
            } else {
                at++;
                continue;
            }
            for (int i = at; i < end; i++) {
                if (source.charAt(i) != '\n') {
                    code.setCharAt(i, ' ');
                }
            }
            at = Math.max(end, at + 1);
        }
        return code.toString();
    }

    private static int orEnd(String source, int at) {
        return at <= 2 ? source.length() : at;
    }

    private static int literalEnd(String source, int start) {
        char quote = source.charAt(start);
        for (int i = start + 1; i < source.length(); i++) {
            if (source.charAt(i) == '\\') {
                i++;
            } else if (source.charAt(i) == quote || source.charAt(i) == '\n') {
                return i + 1;
            }
        }
        return source.length();
    }

    private static int closing(String code, int open) {
        int depth = 0;
        for (int i = open; i < code.length(); i++) {
            if (code.charAt(i) == '{') {
                depth++;
            } else if (code.charAt(i) == '}') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return code.length();
    }

    private static String withoutInnerSwitches(String body) {
        Matcher inner = SWITCH.matcher(body);
        if (!inner.find()) {
            return body;
        }
        int open = body.indexOf('{', inner.end());
        return open < 0 ? body : body.substring(0, inner.start()) + withoutInnerSwitches(body.substring(closing(body, open)));
    }
}
