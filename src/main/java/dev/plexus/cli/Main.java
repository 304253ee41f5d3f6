package dev.plexus.cli;

import dev.plexus.app.Version;
import dev.plexus.telemetry.Logs;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// The way in: parses the command line, runs one subcommand, and says how it went.
///
/// The options are declared in code, without annotations, because nothing then has to be looked up by reflection at each start.
public final class Main {

    private final Terminal terminal;
    private final UnaryOperator<@Nullable String> variables;
    private final Path workingDir;
    private final Path home;

    Main(Terminal terminal, UnaryOperator<@Nullable String> variables, Path workingDir, Path home) {
        this.terminal = terminal;
        this.variables = variables;
        this.workingDir = workingDir;
        this.home = home;
    }

    public static void main(String[] args) {
        Path workingDir = Path.of("");
        Path home = Path.of(System.getProperty("plexus.home", ""));
        int exit = new Main(Terminal.ofProcess(), System::getenv, workingDir, home).run(args);
        if (exit != Exit.RUNNING) {
            Logs.close();
            System.exit(exit);
        }
    }

    /// Runs one command line; [Exit] lists the answers.
    int run(String... args) {
        CommandLine line = new CommandLine(plexus());
        line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        line.setExecutionStrategy(this::execute);
        return line.execute(args);
    }

    private int execute(ParseResult parsed) {
        @Nullable Integer printed = CommandLine.executeHelpRequest(parsed);
        if (printed != null) {
            return printed;
        }
        ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
        Launch launch = new Launch(terminal, variables, workingDir, home);
        return switch (command.commandSpec().name()) {
            case "check" -> new CheckCommand(terminal, launch)
                    .run(command.matchedPositionalValue(0, command.<@Nullable String>matchedOptionValue("--config", null)));
            case "simulate" -> new SimulateCommand(terminal)
                    .run(command.matchedOptionValue("--host", "127.0.0.1"), command.matchedOptionValue("--port", SimulateCommand.PORT));
            case "version" -> {
                terminal.say(Version.line());
                yield Exit.OK;
            }
            case "train" -> new TrainCommand(terminal, launch).run();
            default -> new ServeCommand(terminal, launch).run(
                    text(parsed, command, "--config"),
                    text(parsed, command, "--host"),
                    command.<@Nullable Integer>matchedOptionValue("--port", parsed.matchedOptionValue("--port", null)));
        };
    }

    /// `serve` may be left out, so its options may stand before or after it.
    private static @Nullable String text(ParseResult root, ParseResult command, String name) {
        return command.<@Nullable String>matchedOptionValue(name, root.matchedOptionValue(name, null));
    }

    private static CommandSpec plexus() {
        CommandSpec root = served("plexus", "One HTTP endpoint in front of every LLM provider.")
                .addOption(OptionSpec.builder("-V", "--version").versionHelp(true).description("Print the version.").build())
                .addSubcommand("serve", served("serve", "Start the gateway (what happens when no command is given)."))
                .addSubcommand("check", check())
                .addSubcommand("simulate", simulate())
                .addSubcommand("version", command("version", "Print the version."))
                .addSubcommand("train", train())
                .version(Version.line());
        root.usageMessage().footer(
                "",
                "Environment: CONFIG_FILE, DATA_DIR, DATABASE_URL, AUTH_JSON, HOST, PORT, LOG_LEVEL, LOG_FORMAT, DEBUG,",
                "ADMIN_KEY, ENCRYPTION_KEY. Options win over the environment. Memory and JVM: PLEXUS_JAVA_OPTS.");
        return root;
    }

    private static CommandSpec served(String name, String description) {
        return command(name, description)
                .addOption(config())
                .addOption(host("Address to listen on."))
                .addOption(port("Port to listen on; 0 takes any free one."));
    }

    private static CommandSpec check() {
        return command("check", "Read a configuration file and list everything that is wrong with it.")
                .addOption(config())
                .addPositional(PositionalParamSpec.builder()
                        .index("0").arity("0..1").paramLabel("FILE").type(String.class)
                        .description("The file; without it, the one that serve would take.").build());
    }

    private static CommandSpec simulate() {
        return command("simulate", "Start the provider simulator alone: every API, with latencies and failures on demand.")
                .addOption(host("Address to listen on (default 127.0.0.1)."))
                .addOption(port("Port to listen on (default " + SimulateCommand.PORT + ")."));
    }

    /// Not for people: the launcher runs it while the virtual machine records what a start needs.
    private static CommandSpec train() {
        CommandSpec train = command("train", "Exercise every endpoint once, for the start-up cache.");
        train.usageMessage().hidden(true);
        return train;
    }

    private static CommandSpec command(String name, String description) {
        CommandSpec spec = CommandSpec.create().name(name)
                .addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this help.").build());
        spec.usageMessage().description(description);
        return spec;
    }

    private static OptionSpec config() {
        return OptionSpec.builder("-c", "--config").paramLabel("FILE").type(String.class)
                .description("Configuration file (otherwise CONFIG_FILE, conf/plexus.yaml, config/plexus.yaml, the demo).").build();
    }

    private static OptionSpec host(String description) {
        return OptionSpec.builder("--host").paramLabel("ADDRESS").type(String.class).description(description).build();
    }

    private static OptionSpec port(String description) {
        return OptionSpec.builder("-p", "--port").paramLabel("PORT").type(Integer.class).converters(Main::portNumber)
                .description(description).build();
    }

    private static Integer portNumber(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // falls through to the one message
        }
        throw new CommandLine.TypeConversionException("\"" + text + "\" is not a port number (0 to 65535)");
    }
}
