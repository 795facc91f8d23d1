package dev.latchkey.server;

import dev.latchkey.github.Association;
import dev.latchkey.github.PullRequest;
import dev.latchkey.review.Visible;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Says whether a pull request is to be reviewed as it is now.
final class Gate {

  private static final Set<Association> STRANGERS =
      Set.of(
          Association.FIRST_TIMER,
          Association.FIRST_TIME_CONTRIBUTOR,
          Association.MANNEQUIN,
          Association.NONE);

  private final Settings.Reviews settings;
  private final Wishes wishes;
  private final Publications publications;
  private final RepositoryRules rules;

  Gate(Settings.Reviews settings, Wishes wishes, Publications publications, RepositoryRules rules) {
    this.settings = settings;
    this.wishes = wishes;
    this.publications = publications;
    this.rules = rules;
  }

  /// What the gate says.
  sealed interface Answer {

    /// It is to be reviewed, by these rules.
    record Open(RulesFile rules) implements Answer {}

    /// It is not to be reviewed.
    ///
    /// @param reason for people, without a full stop
    /// @param shown whether it is said on the pull request
    /// @param mistake whether it is one in the repository's own file
    record Shut(String reason, boolean shown, boolean mistake) implements Answer {}
  }

  Answer ask(PullRef pull, PullRequest now) {
    if (now.state() == PullRequest.State.CLOSED) {
      return shut("the pull request is closed");
    }
    Optional<String> paused = wishes.pausedBy(pull);
    if (paused.isPresent()) {
      return shut("paused by " + paused.get() + "; a comment with /resume lifts it");
    }
    RulesFile file;
    try {
      file = rules.read(pull, now.baseRef());
    } catch (SettingsException e) {
      return new Answer.Shut(
          "the repository's configuration has a mistake: " + e.getMessage(), true, true);
    }
    if (!file.skips().enabled()) {
      return new Answer.Shut("reviews are turned off in this repository", false, false);
    }
    boolean asked = wishes.isAsked(pull, now.headSha(), now.baseRef());
    Optional<String> skip =
        asked ? Optional.empty() : skip(pull, now).or(() -> skip(file.skips(), pull, now));
    return skip.<Answer>map(Gate::shut).orElseGet(() -> new Answer.Open(file));
  }

  private Optional<String> skip(PullRef pull, PullRequest now) {
    boolean fork = now.headRepositoryId() != pull.repository().id();
    if (now.draft() && !settings.drafts()) {
      return Optional.of("the pull request is a draft");
    } else if (now.author().isBot() && !settings.bots()) {
      return Optional.of("the pull request was opened by a bot");
    } else if (fork && !settings.forks()) {
      return Optional.of("the pull request comes from a fork");
    } else if (fork && STRANGERS.contains(now.association())) {
      return Optional.of(
          "the pull request comes from a first-time contributor; a maintainer's comment with"
              + " /review starts it");
    }
    return Optional.empty();
  }

  private Optional<String> skip(Skips skips, PullRef pull, PullRequest now) {
    Optional<String> label = now.labels().stream().filter(skips.labels()::contains).findFirst();
    if (label.isPresent()) {
      return Optional.of("the pull request has the label " + plain(label.get()));
    }
    String title = now.title().toLowerCase(Locale.ROOT);
    List<String> words = skips.titles();
    Optional<String> word =
        words.stream().filter(one -> title.contains(one.toLowerCase(Locale.ROOT))).findFirst();
    if (word.isPresent()) {
      return Optional.of("the pull request's title has \"" + plain(word.get()) + "\" in it");
    }
    boolean push = !publications.of(pull).isEmpty();
    return push && !(settings.onPush() && skips.onPush())
        ? Optional.of("pushes are not reviewed here; a comment with /review asks for it")
        : Optional.empty();
  }

  private static String plain(String text) {
    return Visible.line(text).replace('`', '\'');
  }

  private static Answer shut(String reason) {
    return new Answer.Shut(reason, true, false);
  }
}
