package dev.latchkey.review;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A prompt's lines as a model finds them: read from its words, without any code of the product.
final class PromptLines {
  private static final Pattern FILE = Pattern.compile("(F\\d+) (.*)");
  private static final Pattern LINE = Pattern.compile("([RL])(\\d+) [-+ ](.*)");

  /// @param hunk the run of lines it stands in; an empty line of the prompt ends one
  record Shown(String file, int hunk, Side side, int number, String text) {
    String bare() {
      return text.strip();
    }
  }

  private record Key(String file, Side side, int number) {}

  private final List<Shown> all = new ArrayList<>();
  private final Map<Key, Shown> byPlace = new HashMap<>();
  private final Map<String, String> paths = new HashMap<>();

  PromptLines(String user) {
    List<String> lines = List.of(user.split("\n", -1));
    int at = 0;
    while (!lines.get(at).startsWith("END DESCRIPTION ")) {
      at++;
    }
    String file = "";
    int hunk = 0;
    for (String line : lines.subList(at + 1, lines.size())) {
      Matcher header = FILE.matcher(line);
      Matcher words = LINE.matcher(line);
      if (line.isEmpty()) {
        hunk++;
      } else if (header.matches()) {
        file = header.group(1);
        paths.put(file, header.group(2));
      } else if (words.matches()) {
        Side side = words.group(1).equals("L") ? Side.LEFT : Side.RIGHT;
        int number = Integer.parseInt(words.group(2));
        Shown shown = new Shown(file, hunk, side, number, words.group(3));
        all.add(shown);
        byPlace.put(new Key(file, side, number), shown);
      } else {
        throw new IllegalArgumentException("no line of a prompt: " + line);
      }
    }
  }

  List<Shown> all() {
    return all;
  }

  List<String> files() {
    return List.copyOf(paths.keySet());
  }

  String path(String file) {
    return paths.getOrDefault(file, "");
  }

  Optional<Shown> at(String file, Side side, int number) {
    return Optional.ofNullable(byPlace.get(new Key(file, side, number)));
  }

  /// The lines from a number on, as many as follow each other in one hunk, at most `count`.
  List<Shown> run(String file, Side side, int number, int count) {
    List<Shown> run = new ArrayList<>();
    Optional<Shown> next = at(file, side, number);
    while (run.size() < count
        && next.isPresent()
        && (run.isEmpty() || run.getFirst().hunk() == next.get().hunk())) {
      run.add(next.get());
      next = at(file, side, number + run.size());
    }
    return run;
  }
}
