package dev.latchkey.server.cli;

import dev.latchkey.review.Visible;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/// Tells of wrong options in one line, instead of printing the whole help below it.
public final class OneLineErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    List<String> unknown = command.getUnmatchedArguments();
    String message =
        unknown.isEmpty()
            ? String.valueOf(e.getMessage()).lines().findFirst().orElse("")
            : unknown(command, unknown);
    command.getErr().println(name + ": " + Visible.path(message) + "; see " + name + " --help");
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /// Repeats a word only where it is meant as a name: where a command takes values, it may be one.
  private static String unknown(CommandLine command, List<String> words) {
    boolean values = !command.getCommandSpec().positionalParameters().isEmpty();
    for (String word : words) {
      if (word.startsWith("-")) {
        return values
            ? "there is no such option; a word that begins with - goes after --"
            : "there is no option " + word;
      }
    }
    return command.getSubcommands().isEmpty()
        ? "there are more words than it takes"
        : "there is no command " + Words.quoted(words.getFirst());
  }
}
