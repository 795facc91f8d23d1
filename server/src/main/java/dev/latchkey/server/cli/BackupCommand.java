package dev.latchkey.server.cli;

import dev.latchkey.review.Visible;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `latchkey backup`.
@Command(
    name = "backup",
    description = {
      "Asks the running server for a consistent copy of its database, which it writes beside it.",
      "Nobody but the database's owner may read the copy, and no file is ever replaced."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the copy is whole and on the disk",
      "1:there is a file of that name",
      "2:wrong usage, or a name that isn't allowed",
      "3:the server can't be reached, refuses the token, or can't write"
    },
    footerHeading = "%n",
    footer = "JSON: {file, sizeBytes}.")
public final class BackupCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      description =
          "The copy's name, without a folder: 1 to 100 letters, digits, dots, dashes and"
              + " underscores. Default: a name made of the time.")
  private @Nullable String file;

  @Mixin private ServerWords words = new ServerWords();

  public BackupCommand() {
    this(Terminal.system());
  }

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, String> order = file == null ? Map.of() : Map.of("file", file);
    return words.ask(
        terminal,
        "latchkey backup",
        server -> server.order("/api/backup", order),
        answer ->
            "%s: %d bytes, beside the server's database%n"
                .formatted(
                    Visible.path(answer.path("file").asString("")),
                    answer.path("sizeBytes").asLong(0)));
  }
}
