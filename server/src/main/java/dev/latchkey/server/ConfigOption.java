package dev.latchkey.server;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option of every command that follows the operator's file.
final class ConfigOption {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The file of settings; latchkey.yml of the working directory, if there is one.")
  private @Nullable Path file;

  /// Reads the file and the variables, which win.
  ///
  /// @throws SettingsException if the file can't be read, or has a mistake
  Configuration read(Map<String, String> variables) {
    return Configuration.read(variables, file);
  }
}
