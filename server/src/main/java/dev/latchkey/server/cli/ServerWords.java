package dev.latchkey.server.cli;

import dev.latchkey.review.Visible;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the commands that talk to a running server have in common.
final class ServerWords {

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The server's address for its operator. Default: http://ADMIN_HOST:ADMIN_PORT, and"
              + " http://127.0.0.1:3001 where those aren't set.")
  private @Nullable String url;

  @Option(names = "--json", description = "Print what the server answers, as JSON.")
  private boolean json;

  /// What a command asks the server.
  interface Question {
    JsonNode of(AdminServer server);
  }

  /// How an answer is told to a person.
  interface Telling {
    String of(JsonNode answer);
  }

  /// Asks, prints the answer, and returns the exit code.
  int ask(Terminal terminal, String name, Question question, Telling telling) {
    try (AdminServer server = AdminServer.of(url, terminal.environment())) {
      JsonNode answer = question.of(server);
      terminal.print(json ? pretty(answer) : telling.of(answer));
      return 0;
    } catch (AdminServer.Refused e) {
      return complain(terminal, name, e, 1);
    } catch (UsageException e) {
      return complain(terminal, name, e, 2);
    } catch (UnusableException e) {
      return complain(terminal, name, e, 3);
    }
  }

  private static int complain(Terminal terminal, String name, RuntimeException e, int exitCode) {
    terminal.complain(name, Visible.path(String.valueOf(e.getMessage())));
    return exitCode;
  }

  private static String pretty(JsonNode answer) {
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(answer) + "\n";
  }
}
