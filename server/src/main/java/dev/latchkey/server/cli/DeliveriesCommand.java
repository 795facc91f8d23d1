package dev.latchkey.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `latchkey deliveries`: looks at what deliveries have led to in the running server, and mends it.
@Command(
    name = "deliveries",
    scope = ScopeType.INHERIT,
    description = {
      "Lists what deliveries have led to in the running server, shows one, does it again, or"
          + " cancels it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:there is no such delivery, or it is in a state in which that isn't possible",
      "2:wrong usage",
      "3:the server can't be reached, refuses the token, or fails"
    },
    footerHeading = "%n",
    footer = {
      "A server that wants a token gets the one in LATCHKEY_ADMIN_TOKEN, or else ADMIN_TOKEN.",
      "Several deliveries about the same may lead to one entry; show names them all."
    })
public final class DeliveriesCommand implements Runnable {
  private static final String NAME = "latchkey deliveries ";

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  public DeliveriesCommand() {
    this(Terminal.system());
  }

  DeliveriesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: list, show ID, replay ID or cancel ID");
  }

  @Command(
      description = "Lists them, the newest first.",
      footer = {"JSON: {deliveries: [{id, kind, repository, pullRequest, state, ...}], next}."})
  int list(
      @Option(
              names = "--state",
              defaultValue = "",
              paramLabel = "STATE",
              description = "ready, waiting, held, running, done, dead or cancelled only.")
          String state,
      @Option(
              names = "--repository",
              defaultValue = "",
              paramLabel = "OWNER/NAME",
              description = "Those about this repository only.")
          String repository,
      @Option(
              names = "--limit",
              defaultValue = "50",
              paramLabel = "N",
              converter = Words.ToNumber.class,
              description = "At most this many, up to 1000.")
          Long limit,
      @Option(
              names = "--after",
              paramLabel = "ID",
              converter = Words.ToNumber.class,
              description = "Go on after this one.")
          @Nullable Long after,
      @Mixin ServerWords words) {
    Map<String, String> parameters =
        Map.of(
            "state",
            state,
            "repository",
            repository,
            "limit",
            limit.toString(),
            "after",
            after == null ? "" : after.toString());
    return words.ask(
        terminal,
        NAME + "list",
        server -> server.read("/api/deliveries", parameters),
        DeliveriesReport::list);
  }

  @Command(
      description = "Shows all that is known of one.",
      footer = "JSON: as list has it, with why, timeline, steps, charges, limits and more.")
  int show(
      @Parameters(paramLabel = "ID", converter = Words.ToNumber.class, description = "Which one.")
          Long id,
      @Option(
              names = "--payload",
              description = "With what GitHub sent, which may hold people's texts.")
          boolean payload,
      @Mixin ServerWords words) {
    return words.ask(
        terminal,
        NAME + "show",
        server -> server.read("/api/deliveries/" + id, Map.of("payload", payload ? "true" : "")),
        DeliveriesReport::story);
  }

  @Command(
      description = "Does one that has ended again, as a new one.",
      footer = "JSON: {id, works, state}, where works is [id] of what sees to it now.")
  int replay(
      @Parameters(paramLabel = "ID", converter = Words.ToNumber.class, description = "Which one.")
          Long id,
      @Mixin ServerWords words) {
    return order(id, "replay", words, answer -> DeliveriesReport.replayed(id, answer));
  }

  @Command(
      description = "Cancels one that hasn't ended: at once, or if it runs, at its next step.",
      footer = "JSON: {id, cancelled, state}, where cancelled is whether it is already.")
  int cancel(
      @Parameters(paramLabel = "ID", converter = Words.ToNumber.class, description = "Which one.")
          Long id,
      @Mixin ServerWords words) {
    return order(id, "cancel", words, answer -> DeliveriesReport.cancelled(id, answer));
  }

  private int order(Long id, String what, ServerWords words, ServerWords.Telling telling) {
    return words.ask(
        terminal,
        NAME + what,
        server -> server.order("/api/deliveries/" + id + "/" + what, Map.of()),
        telling);
  }
}
