package dev.latchkey.server;

import dev.latchkey.github.CheckRun;
import dev.latchkey.github.CheckState;
import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.NewCheckRun;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Entry;
import dev.latchkey.kv.KeyRange;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.server.Publications.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells on a head's check run how its review stands.
///
/// A head has one check run of ours per review; it is found again by its external id, which is the
/// review's key. What it was last made to say is kept, so that the same is not said twice.
final class CheckRuns {

  private static final StoreSpec<Told> TOLD = StoreSpec.of("check_runs", Json.codec(Told.class));
  private static final StoreSpec<PullRef> PULLS =
      StoreSpec.of("check_run_pulls", Json.codec(PullRef.class));
  private static final String WRITES = "check/";
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{64}");
  private static final String NAME = "Latchkey";
  private static final Duration CALL = Duration.ofSeconds(60);
  private static final long NOT_CREATED = 0;
  private static final int MOST = 1_000;
  private static final int MAX_TITLE = 250;
  private static final int MAX_TEXT = 5_000;

  private final GitHub github;
  private final Store<Told> told;
  private final Store<PullRef> pulls;
  private final Writes writes;
  private final CheckState.Conclusion unreviewed;

  /// What a check run says.
  ///
  /// @param id GitHub's; 0 while nobody knows whether it was created
  /// @param conclusion null until it is completed
  private record Told(
      long id,
      String key,
      String head,
      CheckState.Status status,
      CheckState.@Nullable Conclusion conclusion,
      String title,
      String text) {

    static Told of(long id, String key, String head, CheckState state) {
      return new Told(
          id,
          key,
          head,
          state.status(),
          state.conclusion().orElse(null),
          state.title(),
          state.summary());
    }

    CheckState state() {
      return conclusion == null
          ? new CheckState(status, Optional.empty(), title, text)
          : CheckState.completed(conclusion, title, text);
    }

    boolean open() {
      return status != CheckState.Status.COMPLETED;
    }

    boolean says(CheckState state) {
      return id != NOT_CREATED && of(id, key, head, state).equals(this);
    }

    boolean shownBy(CheckRun run) {
      return run.status() == status && run.conclusion().equals(Optional.ofNullable(conclusion));
    }
  }

  /// @param unreviewed what a check run concludes with whose head is not, or only partly, reviewed
  CheckRuns(GitHub github, Database database, Writes writes, CheckState.Conclusion unreviewed) {
    this.github = github;
    this.told = database.store(TOLD);
    this.pulls = database.store(PULLS);
    this.writes = writes;
    this.unreviewed = unreviewed;
  }

  /// Says that the review is being made. If it is too early to look for a check run of an earlier
  /// try, it isn't said.
  void reviewing(PullRef pull, ReviewKey key) {
    if (writes.isSettled(pull, write(key.hash()))) {
      String text = "The review appears on the pull request once it is done.";
      say(pull, key, CheckState.inProgress("Reviewing", text));
    }
  }

  /// Says that there will be a review, and what it waits for.
  void waiting(PullRef pull, ReviewKey key, String title, String why) {
    say(pull, key, CheckState.queued(cut(title, MAX_TITLE), cut(why, MAX_TEXT)));
  }

  /// Says that the review is visible.
  void reviewed(PullRef pull, ReviewKey key, Publication publication) {
    say(pull, key, reviewed(publication));
  }

  /// Says that there is no review, and why.
  ///
  /// @param reason for people, without a full stop
  void notReviewed(PullRef pull, ReviewKey key, String reason) {
    say(pull, key, notReviewed(reason));
  }

  /// Returns the pull request which a check run is about.
  ///
  /// @param externalId as GitHub names it; may be empty, or anybody's
  Optional<PullRef> pull(String externalId) {
    return KEY.matcher(externalId).matches() ? pulls.get(externalId) : Optional.empty();
  }

  /// Completes the check runs of a pull request which are still open, apart from one.
  ///
  /// @param key of the review whose check run stays as it is; null for none
  /// @param reason why the others' heads are not reviewed any more
  /// @param published finds a review by its key
  void endOthers(
      PullRef pull,
      @Nullable ReviewKey key,
      String reason,
      Function<String, Optional<Publication>> published) {
    for (Told one : all(pull)) {
      if (one.open() && (key == null || !one.key().equals(key.hash()))) {
        CheckState state =
            published.apply(one.key()).map(this::reviewed).orElseGet(() -> notReviewed(reason));
        end(pull, one, state);
      }
    }
  }

  /// Compares check runs, about which a write may have come late, with what they should say.
  void repair(PullRef pull) {
    for (String name : writes.late(pull, WRITES)) {
      Optional<Told> right = told.get(name(pull, name.substring(WRITES.length())));
      if (right.isPresent() && writes.isSettled(pull, name)) {
        repair(pull, right.get());
      }
    }
  }

  private void repair(PullRef pull, Told right) {
    for (CheckRun run : runs(pull, right.head(), right.key())) {
      // Of two, the newer one is what people see.
      boolean wrong = right.open() ? run.id() == right.id() : !right.shownBy(run);
      if (wrong) {
        update(pull, right.key(), run.id(), right.state());
      }
    }
  }

  private void say(PullRef pull, ReviewKey key, CheckState state) {
    Optional<Told> known = told.get(name(pull, key.hash()));
    if (known.isPresent() && known.get().says(state)) {
      return;
    }
    long id = known.map(Told::id).orElse(NOT_CREATED);
    if (id == NOT_CREATED) {
      writes.requireSettled(pull, write(key.hash()));
      id =
          runs(pull, key.head(), key.hash()).stream()
              .mapToLong(CheckRun::id)
              .findFirst()
              .orElse(NOT_CREATED);
    }
    if (id == NOT_CREATED) {
      keep(pull, Told.of(NOT_CREATED, key.hash(), key.head(), state));
      NewCheckRun check = new NewCheckRun(NAME, key.head(), key.hash(), state);
      id =
          writes.send(
              pull,
              write(key.hash()),
              () -> github.createCheckRun(pull.repository(), check, deadline()).id());
    } else {
      update(pull, key.hash(), id, state);
    }
    keep(pull, Told.of(id, key.hash(), key.head(), state));
  }

  private void end(PullRef pull, Told one, CheckState state) {
    long id = one.id();
    if (id == NOT_CREATED) {
      writes.requireSettled(pull, write(one.key()));
      id =
          runs(pull, one.head(), one.key()).stream()
              .mapToLong(CheckRun::id)
              .findFirst()
              .orElse(NOT_CREATED);
    }
    if (id != NOT_CREATED) {
      update(pull, one.key(), id, state);
    }
    keep(pull, Told.of(id, one.key(), one.head(), state));
  }

  private void update(PullRef pull, String key, long id, CheckState state) {
    var _ =
        writes.send(
            pull,
            write(key),
            () -> github.updateCheckRun(pull.repository(), id, state, deadline()));
  }

  private List<CheckRun> runs(PullRef pull, String head, String key) {
    return github.checkRuns(pull.repository(), head, NAME, deadline()).stream()
        .filter(check -> check.externalId().equals(key))
        .toList();
  }

  private CheckState reviewed(Publication publication) {
    String title = cut(publication.title(), MAX_TITLE);
    return CheckState.completed(publication.conclusion(), title, title + ".");
  }

  private CheckState notReviewed(String reason) {
    return CheckState.completed(
        unreviewed, cut("Not reviewed: " + reason, MAX_TITLE), cut(reason, MAX_TEXT) + ".");
  }

  private List<Told> all(PullRef pull) {
    return told.scan(KeyRange.prefix(name(pull, "")), MOST).stream().map(Entry::value).toList();
  }

  private void keep(PullRef pull, Told one) {
    pulls.putIfAbsent(one.key(), pull);
    told.put(name(pull, one.key()), one);
  }

  private static String name(PullRef pull, String key) {
    return pull.lane() + "/" + key;
  }

  private static String write(String key) {
    return WRITES + key;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  private static Deadline deadline() {
    return Deadline.after(CALL);
  }
}
