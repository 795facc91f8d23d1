package dev.latchkey.server;

import dev.latchkey.github.GitHub;
import dev.latchkey.github.PostedReview;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.kv.Database;
import dev.latchkey.review.Model;
import dev.latchkey.review.ModelException;
import dev.latchkey.review.ModelReply;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.server.log.LogContext;
import dev.latchkey.server.web.Heartbeats;
import dev.latchkey.server.web.Metrics;
import dev.latchkey.server.web.Pulse;
import java.time.InstantSource;

/// What does the works, joined by hand: read it from top to bottom.
final class Crew {

  private static final int COMMANDS_AT_ONCE = 4;

  /// GitHub allows an App 5,000 in an hour.
  private static final int CATCH_UP_CALLS = 500;

  private final Tools tools;
  private final Inbox inbox;
  private final Asks asks;
  private final Wishes wishes;
  private final Publications publications;
  private final Refusals refusals;
  private final Writes writes;
  private final Posting posting;
  private final CheckRuns checks;
  private final Replies replies;
  private final Leftovers leftovers;
  private final RepositoryRules rules;
  private final Reviewing.Terms terms;
  private final Reviewing.Parts parts;

  /// What there is to work with.
  ///
  /// @param maxAttempts how often the inbox tries a work
  record Tools(
      Settings settings,
      GitHub github,
      Database database,
      Model model,
      ReviewWorks works,
      Heartbeats heartbeats,
      Metrics metrics,
      InstantSource clock,
      int maxAttempts) {}

  private Crew(Tools tools, Inbox inbox) {
    GitHub github = tools.github();
    Database database = tools.database();
    Settings.Reviews reviews = tools.settings().reviews();
    this.tools = tools;
    this.inbox = inbox;
    asks = new Asks(inbox);
    wishes = new Wishes(database);
    publications = new Publications(database);
    refusals = new Refusals(database, tools.clock());
    writes = new Writes(database, tools.clock(), tools.settings().upkeep().settleWindow());
    posting = new Posting(github, database, Markers.of(database), new BotLogin(github));
    checks = new CheckRuns(github, database, writes, reviews.unreviewed());
    Summaries summaries = new Summaries(posting, writes);
    replies = new Replies(posting, writes, tools.clock());
    leftovers =
        new Leftovers(
            posting, new Leftovers.Parts(writes, publications, summaries, checks, replies));
    rules = new RepositoryRules(github);
    terms =
        new Reviewing.Terms(
            ReviewOptions.of(tools.settings().model().name())
                .withMaxInline(reviews.inline())
                .withInlineFrom(reviews.inlineFrom()),
            reviews,
            tools.maxAttempts(),
            tools.clock());
    parts =
        new Reviewing.Parts(
            posting,
            publications,
            wishes,
            new Gate(reviews, wishes, publications, rules),
            new Snapshots(github),
            new Questions(watched(tools), database, tools.works(), tools.clock()),
            counted(new PendingReviewPublisher(posting, writes), tools.metrics()),
            checks,
            refusals,
            new Aftermath(
                posting, publications, wishes, new Aftermath.Voices(summaries, checks, leftovers)));
  }

  static Crew of(Tools tools, Inbox inbox) {
    return new Crew(tools, inbox);
  }

  /// What answers the operator's wishes.
  Operator operator() {
    return new Operator(tools.github(), tools.settings().app(), wishes, publications, asks);
  }

  PublishedReviews published() {
    return new PublishedReviews(publications);
  }

  private static Publisher counted(Publisher publisher, Metrics metrics) {
    return new Publisher() {
      @Override
      public PostedReview publish(PullRef pull, ReviewKey key, Draft draft) {
        PostedReview review = publisher.publish(pull, key, draft);
        metrics.published();
        return review;
      }

      @Override
      public boolean isLate(PullRef pull, ReviewKey key) {
        return publisher.isLate(pull, key);
      }
    };
  }

  /// The model, with its health and its costs noted.
  private static Model watched(Tools tools) {
    return (request, timeout) -> {
      try {
        ModelReply reply = tools.model().complete(request, timeout);
        tools.heartbeats().ok(Pulse.Part.MODEL);
        tools.metrics().tokens(reply.usage().inputTokens(), reply.usage().outputTokens());
        return reply;
      } catch (ModelException e) {
        tools.heartbeats().failed(Pulse.Part.MODEL, String.valueOf(e.getMessage()));
        throw e;
      }
    };
  }

  Reviewing.Parts parts() {
    return parts;
  }

  Reviewing.Terms terms() {
    return terms;
  }

  /// Tells the inbox who does what, and where to look for what was missed.
  void register(Handler reviewing) {
    GitHub github = tools.github();
    Notices notices =
        new Notices(github, inbox, wishes, checks, new Notices.Heads(publications, refusals));
    InForce inForce = new InForce(github, rules, tools.settings(), terms);
    Commands.Parts commands = new Commands.Parts(posting, wishes, publications, replies, inForce);
    inbox
        .handler(ReviewWorks.KIND, patient(reviewing))
        .handler(
            Closing.KIND,
            patient(
                new Closing(
                    new Closing.Parts(github, publications, wishes, refusals, checks),
                    leftovers,
                    asks)))
        .handler(Notices.KIND, patient(notices))
        .handler(Commands.KIND, COMMANDS_AT_ONCE, patient(new Commands(commands, asks)))
        .handler(
            Reruns.KIND,
            COMMANDS_AT_ONCE,
            patient(new Reruns(github, wishes, publications, checks, asks)));
    look(notices);
  }

  private void look(Notices notices) {
    Settings settings = tools.settings();
    Settings.Upkeep upkeep = settings.upkeep();
    OpenPulls pulls =
        new OpenPulls(
            new OpenPulls.Parts(
                tools.github(),
                settings.app(),
                tools.works(),
                wishes,
                publications,
                refusals,
                writes,
                notices,
                asks,
                tools.clock()),
            inbox);
    inbox.resync("open pull requests", upkeep.poll().orElse(upkeep.resync()), pulls);
    if (upkeep.poll().isPresent()) {
      inbox.resync(
          "new comments",
          upkeep.poll().get(),
          new NewComments(tools.github(), pulls, asks, tools.database(), tools.clock()));
    } else {
      inbox.source(new HookSource(tools.github(), settings.app().source()), CATCH_UP_CALLS);
    }
  }

  private Handler patient(Handler handler) {
    return LogContext.around(new Patient(handler, tools.heartbeats(), tools.clock()));
  }
}
