package dev.latchkey.review;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What can be said of a diff without a model: secrets, conflict markers and invisible characters
/// in lines that were added. Secrets are masked on the way, in every line, so that they reach no
/// model, no page and no log.
///
/// @param files as they came, but for [Secrets#MASK] in place of secrets: as many lines as before
/// @param findings each on an added line
record Inspection(List<FileDiff> files, List<Finding> findings) {
  private static final String KEY = "PRIVATE KEY";
  private static final int MOST_KEY_LINES = 300;
  private static final int MARKER = 7;
  private static final double CERTAIN = 0.95;
  private static final double LIKELY = 0.6;

  static Inspection of(List<FileDiff> files) {
    List<FileDiff> masked = new ArrayList<>(files.size());
    List<Finding> findings = new ArrayList<>();
    for (FileDiff file : files) {
      masked.add(new Look(file, findings).masked());
    }
    return new Inspection(masked, findings);
  }

  /// A look at one file.
  private record Look(FileDiff file, List<Finding> findings) {
    FileDiff masked() {
      List<Hunk> hunks = new ArrayList<>(file.hunks().size());
      boolean changed = false;
      for (Hunk hunk : file.hunks()) {
        Optional<List<DiffLine>> masked = masked(hunk);
        changed |= masked.isPresent();
        hunks.add(masked.map(hunk::withLines).orElse(hunk));
      }
      return changed ? file.withHunks(hunks) : file;
    }

    /// The lines masked, if there is something to mask.
    private Optional<List<DiffLine>> masked(Hunk hunk) {
      List<String> texts = hunk.lines().stream().map(line -> line.bytes().text()).toList();
      boolean[] inKey = keys(texts);
      List<DiffLine> masked = new ArrayList<>(texts.size());
      boolean changed = false;
      boolean told = false;
      for (int i = 0; i < texts.size(); i++) {
        DiffLine line = hunk.lines().get(i);
        String text = texts.get(i);
        List<Secrets.Secret> secrets = inKey[i] ? List.of() : Secrets.in(text);
        boolean safe = secrets.isEmpty() && !inKey[i];
        DiffLine shown =
            safe ? line : line.withText(inKey[i] ? Secrets.MASK : Secrets.masked(text, secrets));
        changed |= !safe;
        masked.add(shown);
        told &= inKey[i];
        if (line.kind() == DiffLine.Kind.ADDED) {
          secrets.forEach(secret -> findings.add(secret(shown, secret.kind(), secret.certain())));
          if (inKey[i] && !told) {
            findings.add(secret(shown, "a part of a private key", true));
          }
          told |= inKey[i] || Secrets.beginsKey(text);
          marker(shown, text);
          hidden(shown, text);
        }
      }
      return changed ? Optional.of(masked) : Optional.empty();
    }

    /// The lines within private keys, whose beginning or end is in the hunk: all that stand between
    /// the two, however they are wrapped, if most of them look like a part of one, or else those
    /// that do. Code between the two words, as in a reader of keys, stays to be seen.
    private static boolean[] keys(List<String> texts) {
      boolean[] inKey = new boolean[texts.size()];
      int[] nextEnd = nextEnds(texts);
      for (int i = 0; i < inKey.length; i++) {
        if (!texts.get(i).contains(KEY)) {
          continue;
        }
        if (Secrets.beginsKey(texts.get(i))) {
          i =
              nextEnd[i] < i + MOST_KEY_LINES
                  ? between(texts, inKey, i, nextEnd[i])
                  : after(texts, inKey, i);
        } else if (Secrets.endsKey(texts.get(i))) {
          inKey[i] = true;
          for (int at = i - 1; at >= 0 && !inKey[at] && Secrets.isInKey(texts.get(at)); at--) {
            inKey[at] = true;
          }
        }
      }
      return inKey;
    }

    /// For each line, where the next end of a key is.
    private static int[] nextEnds(List<String> texts) {
      int[] next = new int[texts.size()];
      int end = Integer.MAX_VALUE;
      for (int i = texts.size() - 1; i >= 0; i--) {
        end = texts.get(i).contains(KEY) && Secrets.endsKey(texts.get(i)) ? i : end;
        next[i] = end;
      }
      return next;
    }

    /// Marks what is between the beginning and the end of a key, and the end; returns that line.
    private static int between(List<String> texts, boolean[] inKey, int begin, int end) {
      int alike = 0;
      for (int i = begin + 1; i < end; i++) {
        inKey[i] = Secrets.isInKey(texts.get(i));
        alike += inKey[i] ? 1 : 0;
      }
      if (2 * alike >= end - begin - 1) {
        Arrays.fill(inKey, begin + 1, end, true);
      }
      inKey[end] = true;
      return end;
    }

    /// Marks what follows the beginning of a key and looks like a part of it; returns the last
    /// line.
    private static int after(List<String> texts, boolean[] inKey, int begin) {
      int last = begin;
      while (last + 1 < inKey.length && Secrets.isInKey(texts.get(last + 1))) {
        last++;
        inKey[last] = true;
      }
      return last;
    }

    private Finding secret(DiffLine line, String kind, boolean certain) {
      return finding(
          line,
          certain ? Severity.CRITICAL : Severity.MAJOR,
          certain ? CERTAIN : LIKELY,
          Category.SECURITY,
          "This line adds what looks like "
              + kind
              + ". Whoever can read the repository has it from now on: revoke it, and read it from"
              + " the environment or a secret store instead.");
    }

    private void marker(DiffLine line, String text) {
      boolean begins = isMarker(text, '<') || isMarker(text, '>') || isMarker(text, '|');
      if (begins) {
        findings.add(
            finding(
                line,
                Severity.MAJOR,
                CERTAIN,
                Category.BUG,
                "This line is a marker of a merge conflict that was not resolved."));
      }
    }

    private static boolean isMarker(String text, char sign) {
      return text.length() > MARKER
          && text.charAt(MARKER) == ' '
          && text.chars().limit(MARKER).allMatch(c -> c == sign);
    }

    private void hidden(DiffLine line, String text) {
      if (Selection.isProse(file)) {
        return;
      }
      List<Integer> hidden = Unseen.in(text, line.newNumber() == 1);
      if (hidden.isEmpty()) {
        return;
      }
      boolean turning = hidden.stream().anyMatch(Unseen::turnsText);
      String names =
          hidden.stream()
              .distinct()
              .limit(5)
              .map("U+%04X"::formatted)
              .collect(Collectors.joining(", "));
      findings.add(
          finding(
              line,
              turning ? Severity.MAJOR : Severity.MINOR,
              CERTAIN,
              Category.SECURITY,
              "This line holds characters that can't be seen ("
                  + names
                  + (turning
                      ? "), some of which change the order in which the text is shown: it may not"
                          + " do what it seems to. Take them out or write them as escapes."
                      : "): take them out or write them as escapes.")));
    }

    private Finding finding(
        DiffLine line, Severity severity, double confidence, Category category, String claim) {
      String quote = Visible.line(line.bytes().text());
      return new Finding(
          file.path(),
          Side.RIGHT,
          0,
          line.newNumber(),
          quote,
          Anchor.EXACT,
          severity,
          confidence,
          category,
          claim,
          null,
          Checks.fingerprint(file.path(), quote, category));
    }
  }
}
