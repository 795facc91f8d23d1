package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.review.Bytes;
import dev.latchkey.review.Visible;
import dev.latchkey.testkit.GitRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reviews changes by the command and compares each finding tied to a line with the blob: on the
/// right the one after the change, on the left the one before it.
final class AnchorCheck {
  private static final String MASK = "[masked secret]";

  private final GitRepository repository;
  private final Path diff;
  private final String[] arguments;
  int reviews;

  /// How many diffs held nothing to review.
  int blank;

  int onTheRight;
  int onTheLeft;
  int moved;
  int unanchored;

  /// @param diff the file into which each diff is written
  /// @param options of the command, that say which model
  AnchorCheck(GitRepository repository, Path diff, String... options) {
    this.repository = repository;
    this.diff = diff;
    List<String> all = new ArrayList<>(List.of("--diff", diff.toString(), "--format", "json"));
    all.addAll(List.of(options));
    this.arguments = all.toArray(String[]::new);
  }

  int anchored() {
    return onTheRight + onTheLeft;
  }

  void check(GitRepository.Change change) throws IOException {
    Files.write(diff, repository.diff(change));
    CommandRun run = CommandRun.of(arguments);
    if (run.exitCode() == 2) {
      assertThat(run.err()).containsAnyOf("the diff is empty", "nothing in the diff can be");
      blank++;
      return;
    }
    assertThat(run.exitCode()).describedAs(run.err()).isBetween(0, 1);
    reviews++;
    Blobs blobs = new Blobs(repository, change);
    for (JsonNode finding : run.json().at("/findings")) {
      if (finding.at("/anchor").stringValue().equals("unanchored")) {
        unanchored++;
      } else {
        compare(finding, blobs);
      }
    }
  }

  private void compare(JsonNode finding, Blobs blobs) throws IOException {
    boolean left = finding.at("/side").stringValue().equals("LEFT");
    List<String> lines = blobs.lines(raw(finding.at("/path").stringValue()), left);
    int last = finding.at("/line").intValue();
    JsonNode start = finding.at("/startLine");
    int first = start.isNull() ? last : start.intValue();
    assertThat(first).isBetween(1, last);
    assertThat(last).describedAs("%s", finding).isLessThanOrEqualTo(lines.size());
    String standing =
        lines.subList(first - 1, last).stream()
            .map(line -> Bytes.of(line.getBytes(StandardCharsets.ISO_8859_1)).text())
            .map(Visible::line)
            .collect(Collectors.joining("\n"));
    assertThat(finding.at("/quote").stringValue())
        .describedAs("%s in %s", finding, blobs.change())
        .satisfies(quote -> assertThat(standing).matches(pattern(quote)));
    onTheLeft += left ? 1 : 0;
    onTheRight += left ? 0 : 1;
    moved += finding.at("/anchor").stringValue().equals("moved") ? 1 : 0;
  }

  /// What a quote allows to stand in the file: itself, but for anything in place of a mask. A
  /// masked line may have been cut elsewhere.
  private static Pattern pattern(String quote) {
    boolean masked = quote.contains(MASK);
    String whole = masked && quote.endsWith("…") ? quote.substring(0, quote.length() - 1) : quote;
    String body =
        Stream.of(whole.split(Pattern.quote(MASK), -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(masked && quote.endsWith("…") ? body + ".*" : body);
  }

  /// The lines of the files of one change, a character for each byte; each file is read once.
  private record Blobs(
      GitRepository repository,
      GitRepository.Change change,
      Map<String, String> former,
      Map<String, List<String>> read) {
    Blobs(GitRepository repository, GitRepository.Change change) throws IOException {
      this(repository, change, repository.formerPaths(change), new HashMap<>());
    }

    /// @param path after the change, for both sides
    List<String> lines(String path, boolean before) throws IOException {
      String name = before ? former.getOrDefault(path, path) : path;
      String revision = before ? change.before() : change.after();
      String key = revision + ":" + name;
      List<String> lines = read.get(key);
      if (lines == null) {
        Optional<byte[]> blob = repository.blob(revision, name);
        assertThat(blob).describedAs(key).isPresent();
        String text = new String(blob.orElseThrow(), StandardCharsets.ISO_8859_1);
        lines = List.of(text.split("\n", -1));
        read.put(key, lines);
      }
      return lines;
    }
  }

  /// A path as a character for each byte; what JSON can't hold was written as `\x..`.
  private static String raw(String path) {
    String bytes = new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Pattern.compile("\\\\x([0-9a-f]{2})")
        .matcher(bytes)
        .replaceAll(match -> Character.toString(HexFormat.fromHexDigits(match.group(1))));
  }

  @Override
  public String toString() {
    return ("%,d reviews, %,d diffs with nothing to review, findings: %,d on their line on the"
            + " right, %,d on the left, %,d of them moved, %,d not tied to one")
        .formatted(reviews, blank, onTheRight, onTheLeft, moved, unanchored);
  }
}
