package dev.latchkey.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Pull requests to show the simulation with where no repository is at hand: changes of a small
/// application in several languages.
public final class SamplePullRequests {
  private static final List<String> NAMES =
      List.of(
          "1-search-by-zone",
          "2-discounts",
          "3-tracking-page",
          "4-zones-from-the-web",
          "5-notices-at-once",
          "6-weights");

  private SamplePullRequests() {}

  /// Six changes, each with faults for a reviewer to find.
  public static List<ProposedChange> all() {
    return NAMES.stream().map(SamplePullRequests::read).toList();
  }

  /// A resource holds two header lines, an empty line, the description, and git's diff.
  private static ProposedChange read(String name) {
    var text = resource("sample/" + name + ".txt");
    var diff = text.indexOf("\ndiff --git ") + 1;
    var lines = text.substring(0, diff).split("\n", -1);
    var body = String.join("\n", List.of(lines).subList(3, lines.length)).strip();
    var files = new ArrayList<SimulatedFile>();
    GitPatches.sections(text.substring(diff)).forEach(section -> files.add(file(section)));
    return new ProposedChange(
        lines[1].substring("Title: ".length()),
        body,
        lines[0].substring("Author: ".length()),
        sha1("the application before every change"),
        sha1(text),
        false,
        files);
  }

  private static SimulatedFile file(GitPatches.Section section) {
    var path = "";
    String previous = null;
    var status = "modified";
    var blob = sha1(section.header().toString());
    for (var line : section.header()) {
      if (line.startsWith("diff --git a/")) {
        path = line.substring(line.indexOf(" b/") + 3);
      } else if (line.startsWith("rename from ")) {
        previous = line.substring("rename from ".length());
        status = "renamed";
      } else if (line.startsWith("new file mode ")) {
        status = "added";
      }
    }
    var patch = section.patch();
    var lines = PatchLines.of(patch == null ? "" : patch);
    return new SimulatedFile(
        path, previous, status, blob, lines.additions(), lines.deletions(), patch);
  }

  private static String resource(String name) {
    try (var in = SamplePullRequests.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("the resource " + name + " can't be read", e);
    }
  }

  private static String sha1(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }
}
