package dev.latchkey.kv;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What changed in a folder, in order, as the shim wrote it down.
record Trace(List<Event> events) {

  /// The folder's own name among those of its files.
  static final String FOLDER = ".";

  sealed interface Event {}

  record Created(String file) implements Event {}

  // Nobody compares events.
  @SuppressWarnings("ArrayRecordComponent")
  record Written(String file, long offset, byte[] bytes) implements Event {}

  record Truncated(String file, long size) implements Event {}

  record Synced(String file) implements Event {}

  record SyncFailed(String file) implements Event {}

  record Removed(String file) implements Event {}

  /// A line that the traced program wrote.
  record Marked(String text) implements Event {}

  static Trace read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (String line = lineOf(in); !line.isEmpty(); line = lineOf(in)) {
        events.add(eventOf(line.split(" ", 2), in));
      }
    }
    return new Trace(List.copyOf(events));
  }

  private static Event eventOf(String[] line, InputStream in) throws IOException {
    String[] words = line[1].split(" ", -1);
    return switch (line[0]) {
      case "create" -> new Created(words[0]);
      case "write" ->
          new Written(words[0], Long.parseLong(words[1]), bytesOf(in, Integer.parseInt(words[2])));
      case "truncate" -> new Truncated(words[0], Long.parseLong(words[1]));
      case "sync" -> new Synced(words[0]);
      case "failed-sync" -> new SyncFailed(words[0]);
      case "unlink" -> new Removed(words[0]);
      case "mark" -> new Marked(line[1]);
      default -> throw new IOException("not a line of a trace: " + line[0]);
    };
  }

  private static byte[] bytesOf(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("the trace ends in the middle");
    }
    return bytes;
  }

  private static String lineOf(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
