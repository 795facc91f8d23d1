package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubException;
import dev.latchkey.review.Finding;
import dev.latchkey.review.Neutral;
import dev.latchkey.review.Review;
import dev.latchkey.server.Publications.Posted;
import dev.latchkey.server.Publications.Publication;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What is to be said and tidied up once a review is visible: the pull request's summary, the check
/// run, and earlier reviews of which nothing is open.
final class Aftermath {

  private static final Logger LOG = System.getLogger(Aftermath.class.getName());
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final int MOST_LISTED = 30;
  private static final int MAX_LISTED = 50_000;

  private final GitHub github;
  private final Publications publications;
  private final Wishes wishes;
  private final Markers markers;
  private final Summaries summaries;
  private final CheckRuns checks;
  private final Leftovers leftovers;

  /// What is said where.
  record Voices(Summaries summaries, CheckRuns checks, Leftovers leftovers) {}

  Aftermath(Posting posting, Publications publications, Wishes wishes, Voices voices) {
    this.github = posting.github();
    this.publications = publications;
    this.wishes = wishes;
    this.markers = posting.markers();
    this.summaries = voices.summaries();
    this.checks = voices.checks();
    this.leftovers = voices.leftovers();
  }

  /// Makes everything about a visible review as it should be, whatever has been done of it.
  void of(PullRef pull, ReviewKey key, Publication publication) {
    leftovers.remove(pull);
    Standing standing = standing(pull);
    checks.reviewed(pull, key, publication);
    summaries.say(pull, summary(key, publication, standing));
    if (!publication.told()) {
      publications.update(publication.asTold());
    }
    publications.of(pull).stream()
        .filter(other -> !other.key().equals(key.hash()))
        .filter(other -> !other.minimised() && !other.node().isEmpty())
        .filter(other -> !standing.hasOpen(other.key()))
        .forEach(this::minimise);
  }

  /// Learns of reviews that turned out to be visible after all, and removes what is left of others.
  ///
  /// @throws Writes.NotSettled if it is too early to look
  void findLate(PullRef pull) {
    leftovers.removeReviews(pull);
  }

  /// Tells of a mistake in the repository's own file: in the summary, so once.
  void tellMistake(PullRef pull, String reason) {
    summaries.say(pull, "### Latchkey\n\nNot reviewed: " + plain(reason) + ".\n");
  }

  Standing standing(PullRef pull) {
    return Standing.of(github, publications, wishes, markers, pull);
  }

  /// Returns what is to be remembered of a review's comments.
  static Map<String, Posted> posted(ReviewKey key, Review review) {
    return review.findings().stream()
        .collect(
            Collectors.toMap(
                Finding::fingerprint,
                finding -> new Posted(key.hash(), Neutral.line(finding), finding.severity())));
  }

  private void minimise(Publication publication) {
    try {
      github.minimize(publication.pull().repository(), publication.node(), Deadline.after(CALL));
      publications.update(publication.asMinimised());
    } catch (GitHubException.NotFound e) {
      publications.update(publication.asMinimised());
    } catch (GitHubException e) {
      // It is only folded up, and the next push tries again.
      LOG.log(Level.WARNING, "event=review.not-minimised pull=" + publication.pull(), e);
    }
  }

  private static String summary(ReviewKey key, Publication publication, Standing standing) {
    List<Posted> open = standing.open();
    StringBuilder text = new StringBuilder("### Latchkey\n\n");
    text.append("Reviewed `%s`".formatted(key.shortHead()));
    if (key.round() > 1) {
      text.append(" in round %d".formatted(key.round()));
    }
    text.append(": ").append(publication.title()).append(".\n\n");
    text.append(
        switch (open.size()) {
          case 0 -> "No finding is open.";
          case 1 -> "**1 finding is open:**";
          default -> "**%d findings are open:**".formatted(open.size());
        });
    text.append("\n\n");
    int listed = 0;
    for (Posted finding : open) {
      String line = "- " + finding.line() + "\n";
      if (listed == MOST_LISTED || text.length() + line.length() > MAX_LISTED) {
        break;
      }
      text.append(line);
      listed++;
    }
    if (listed < open.size()) {
      text.append("- and ").append(open.size() - listed).append(" more\n");
    }
    return text.append("\nA comment with `/help` lists what you can ask for.\n").toString();
  }

  private static String plain(String reason) {
    return "`" + reason.replace('`', '\'').replaceAll("\\s+", " ") + "`";
  }
}
