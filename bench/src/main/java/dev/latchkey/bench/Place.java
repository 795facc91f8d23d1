package dev.latchkey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options of every command: where it measures, and where its figures go.
final class Place {

  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      defaultValue = "${sys:latchkey.bench.dir:-.}",
      description = "Where the databases go, on the disk to measure; default: ${DEFAULT-VALUE}.")
  Path folder;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Writes the figures to this file too.")
  @Nullable Path json;

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  /// Makes the folder if it's absent, and refuses one where nothing is to be measured.
  void prepare() throws IOException {
    String type = Files.getFileStore(Files.createDirectories(folder)).type();
    if (Machine.isInMemory(type)) {
      throw new ParameterException(
          spec.commandLine(),
          folder + " is on " + type + ", where an fsync costs nothing: name a folder on a disk");
    }
  }

  /// What was built.
  static String commit() {
    return System.getProperty("latchkey.bench.commit", "unknown");
  }
}
