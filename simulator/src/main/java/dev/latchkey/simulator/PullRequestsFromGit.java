package dev.latchkey.simulator;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes pull requests of a real repository's last commits, by running `git`. Reads only; runs none
/// of the programs that the repository's settings may name.
public final class PullRequestsFromGit {
  private static final int MOST = 100;

  /// So many commits are looked at for some that fit.
  private static final int LOOKED_AT = 1_000;

  /// GitHub shows no patch above either (GitHub, "Repository limits", on a single file's diff).
  private static final int MAX_PATCH_CHARACTERS = 500_000;

  private static final int MAX_PATCH_LINES = 20_000;

  private static final int MAX_TITLE = 256;
  private static final int MAX_BODY = 65_536;
  private static final int MAX_LOGIN = 39;
  private static final Pattern NO_REPLY =
      Pattern.compile("(?:\\d+\\+)?([A-Za-z0-9-]+)@users\\.noreply\\.github\\.com");

  private final Git git;

  private PullRequestsFromGit(Git git) {
    this.git = git;
  }

  /// One pull request for each of the last commits that have one parent and change something,
  /// oldest first: base is the parent, head the commit. As many as there are among the last 1,000,
  /// at most `count`; those that git can't read, as in a partial clone, are left out.
  ///
  /// @param count 1 to 100
  /// @throws SimulatorException.GitMissing if there is no git on the PATH
  /// @throws SimulatorException.NotARepository if the folder is in no git repository
  /// @throws SimulatorException.NotEnoughHistory if there is no such commit
  /// @throws SimulatorException.GitFailed if git fails, takes more than a minute, or prints what
  ///   can't be read
  public static List<ProposedChange> last(Path folder, int count) {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException("count is 1 to " + MOST + ": " + count);
    }
    var changes = new PullRequestsFromGit(Git.in(folder)).last(count);
    if (changes.isEmpty()) {
      throw new SimulatorException.NotEnoughHistory(
          folder + " has no commit with one parent that changes a file");
    }
    return changes;
  }

  private List<ProposedChange> last(int count) {
    var changes = new ArrayList<ProposedChange>();
    SimulatorException.GitFailed failure = null;
    for (var line : commits()) {
      var ids = line.split(" ", -1);
      if (changes.size() == count) {
        break;
      }
      // A commit without a parent has no base; that of a shallow clone's edge is not there.
      if (ids.length == 2) {
        try {
          change(ids[1], ids[0]).ifPresent(changes::add);
        } catch (SimulatorException.GitFailed e) {
          // A partial clone lacks what some commits are made of, and nothing is fetched here.
          failure = e;
        }
      }
    }
    if (changes.isEmpty() && failure != null) {
      throw failure;
    }
    return changes.reversed();
  }

  private List<String> commits() {
    if (git.run("rev-list", "--max-count=1", "--all").isBlank()) {
      return List.of();
    }
    var wanted = "--max-count=" + LOOKED_AT;
    return git.run("rev-list", "--no-merges", "--parents", wanted, "HEAD").lines().toList();
  }

  private Optional<ProposedChange> change(String base, String head) {
    var files = files(base, head);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    var parts =
        git.run("log", "-1", "--no-color", "--encoding=UTF-8", "--format=%an%x00%ae%x00%B", head)
            .split("\0", 3);
    if (parts.length < 3) {
      throw new SimulatorException.GitFailed("git log said nothing of " + head);
    }
    var message = parts[2].strip();
    var firstLine = message.lines().findFirst().orElse("").strip();
    var title = firstLine.isEmpty() ? "Commit " + head.substring(0, 7) : firstLine;
    var body = message.lines().skip(1).reduce("", (all, line) -> all + line + "\n").strip();
    return Optional.of(
        new ProposedChange(
            cut(title, MAX_TITLE),
            cut(body, MAX_BODY),
            login(parts[0], parts[1]),
            base,
            head,
            false,
            files));
  }

  private List<SimulatedFile> files(String base, String head) {
    var listed =
        git.run(diff(base, head, "--raw", "--numstat", "--no-abbrev", "-z")).split("\0", -1);
    Deque<String> fields = new ArrayDeque<>(Arrays.asList(listed));
    var changed = new ArrayList<Changed>();
    while (fields.getFirst().startsWith(":")) {
      changed.add(Changed.of(fields));
    }
    // Beyond the bound GitHub shows no patch either.
    var patches = git.runBounded(diff(base, head, "-p", "--full-index")).orElse("");
    try {
      var sections = new ArrayDeque<>(GitPatches.sections(patches));
      return files(changed, counts(fields), sections);
    } catch (IllegalArgumentException e) {
      throw new SimulatorException.GitFailed("the patch of " + head + " can't be read", e);
    }
  }

  private static List<SimulatedFile> files(
      List<Changed> changed, Map<String, Counts> counts, Deque<GitPatches.Section> sections) {
    var files = new ArrayList<SimulatedFile>();
    for (var one : changed) {
      var count = counts.getOrDefault(one.path(), new Counts(0, 0));
      var section = sections.pollFirst();
      // What becomes another kind of file is shown as removed and added; GitHub gives one file.
      if (one.status().equals("changed")) {
        sections.pollFirst();
        section = null;
      }
      files.add(
          new SimulatedFile(
              one.path(),
              one.previous(),
              one.status(),
              one.blob(),
              count.additions(),
              count.deletions(),
              section == null ? null : shown(section.patch())));
    }
    return files;
  }

  /// The lines of `--numstat`: "added TAB deleted TAB path", of a renamed file an empty path with
  /// the old and the new one after it.
  private static Map<String, Counts> counts(Deque<String> fields) {
    var counts = new HashMap<String, Counts>();
    while (!fields.isEmpty() && !fields.getFirst().isEmpty()) {
      var parts = fields.removeFirst().split("\t", 3);
      if (parts[2].isEmpty()) {
        fields.removeFirst();
      }
      var path = parts[2].isEmpty() ? fields.removeFirst() : parts[2];
      counts.put(path, new Counts(number(parts[0]), number(parts[1])));
    }
    return counts;
  }

  private static String[] diff(String base, String head, String... formats) {
    var command = new ArrayList<String>();
    command.addAll(List.of("diff-tree", "-r", "--no-color", "--no-ext-diff", "--no-textconv"));
    command.addAll(List.of("--find-renames=50%", "-l1000", "-U3", "--inter-hunk-context=0"));
    command.addAll(List.of("--src-prefix=a/", "--dst-prefix=b/", "--no-relative"));
    command.addAll(List.of("--submodule=short", "--diff-algorithm=myers"));
    command.addAll(List.of(formats));
    command.addAll(List.of(base, head, "--"));
    return command.toArray(String[]::new);
  }

  /// A binary file's counts are dashes; GitHub gives 0.
  private static int number(String digits) {
    return digits.equals("-") ? 0 : Integer.parseInt(digits);
  }

  private static @Nullable String shown(@Nullable String patch) {
    return patch == null
            || patch.length() > MAX_PATCH_CHARACTERS
            || patch.lines().count() > MAX_PATCH_LINES
        ? null
        : patch;
  }

  /// A login made of a name: GitHub's own, where the address holds it.
  private static String login(String name, String address) {
    var known = NO_REPLY.matcher(address);
    var login = known.matches() ? known.group(1) : name.replaceAll("[^A-Za-z0-9]+", "-");
    var cut = cut(login.replaceAll("^-+|-+$", ""), MAX_LOGIN);
    return cut.isEmpty() ? "author" : cut;
  }

  private static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    // Half of a surrogate pair is no character.
    var end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end);
  }

  private record Counts(int additions, int deletions) {}

  /// A line of `--raw`.
  private record Changed(String path, @Nullable String previous, String status, String blob) {

    static Changed of(Deque<String> fields) {
      // ":oldmode newmode oldblob newblob status"
      var entry = fields.removeFirst().split(" ", -1);
      var first = fields.removeFirst();
      var status =
          switch (entry[4].charAt(0)) {
            case 'A' -> "added";
            case 'D' -> "removed";
            case 'R' -> "renamed";
            case 'C' -> "copied";
            case 'T' -> "changed";
            default -> "modified";
          };
      var blob = status.equals("removed") ? entry[2] : entry[3];
      return status.equals("renamed") || status.equals("copied")
          ? new Changed(fields.removeFirst(), first, status, blob)
          : new Changed(first, null, status, blob);
    }
  }
}
