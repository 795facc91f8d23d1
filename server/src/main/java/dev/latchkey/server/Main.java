package dev.latchkey.server;

import dev.latchkey.server.cli.BackupCommand;
import dev.latchkey.server.cli.DeliveriesCommand;
import dev.latchkey.server.cli.KvCommand;
import dev.latchkey.server.cli.OneLineErrors;
import dev.latchkey.server.cli.ReviewCommand;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// The command line. Each command documents itself with `--help`.
@Command(
    name = "latchkey",
    description = "Reviews pull requests with an AI model, each head exactly once.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      DemoCommand.class,
      ReviewCommand.class,
      KvCommand.class,
      ServeCommand.class,
      DoctorCommand.class,
      DeliveriesCommand.class,
      BackupCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"latchkey " + version()};
    }
  }

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setParameterExceptionHandler(new OneLineErrors());
  }

  /// Returns the release, or `development` when run from class files.
  static String version() {
    return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
