package dev.latchkey.server;

import dev.latchkey.github.Deadline;
import dev.latchkey.github.GitHub;
import dev.latchkey.github.PullRequest;
import dev.latchkey.review.ReviewOptions;
import dev.latchkey.review.Visible;
import java.time.Duration;
import java.util.List;

/// Tells people what is in force for a pull request, and from where.
final class InForce {

  private static final Duration CALL = Duration.ofSeconds(60);

  private final GitHub github;
  private final RepositoryRules rules;
  private final Settings settings;
  private final Reviewing.Terms terms;

  InForce(GitHub github, RepositoryRules rules, Settings settings, Reviewing.Terms terms) {
    this.github = github;
    this.rules = rules;
    this.settings = settings;
    this.terms = terms;
  }

  /// Returns it as Markdown.
  String of(PullRef pull) {
    PullRequest now = github.pullRequest(pull.repository(), pull.number(), Deadline.after(CALL));
    RulesFile file;
    try {
      file = rules.read(pull, now.baseRef());
    } catch (SettingsException e) {
      return "nothing is reviewed, as " + code(String.valueOf(e.getMessage()));
    }
    boolean own = !file.equals(RulesFile.NONE);
    String from =
        own
            ? "%s on %s".formatted(code(RepositoryRules.PATH), code(now.baseRef()))
            : "the server; there is no %s on %s"
                .formatted(code(RepositoryRules.PATH), code(now.baseRef()));
    Allowed allowed = Allowed.of(terms, file);
    return "what is in force here, from " + from + ":\n\n" + table(allowed, file);
  }

  private String table(Allowed allowed, RulesFile file) {
    ReviewOptions options = allowed.options();
    Skips skips = file.skips();
    Settings.Reviews reviews = terms.reviews();
    Settings.Limits limits = settings.limits();
    StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
    row(table, "enabled", skips.enabled());
    row(table, "reviewed on push", reviews.onPush() && skips.onPush());
    row(table, "drafts", reviews.drafts());
    row(table, "bots", reviews.bots());
    row(table, "forks", reviews.forks());
    row(table, "skipped labels", words(skips.labels()));
    row(table, "skipped titles", words(skips.titles()));
    row(table, "ignored files", words(options.rules().ignore()));
    row(table, "instructions", options.rules().instructions().size());
    row(table, "comments at lines", options.maxInline() + " from " + options.inlineFrom());
    row(table, "check fails from", file.failOn() == null ? "never" : file.failOn());
    row(table, "second pass", allowed.verify());
    row(table, "model", options.model());
    row(table, "per pull request", limits.perPullRequest().text());
    row(table, "per repository", limits.perRepository().text());
    row(table, "per owner", limits.perOwner().text());
    return table.toString();
  }

  private static void row(StringBuilder table, String name, Object value) {
    table.append("| ").append(name).append(" | ").append(code(value.toString())).append(" |\n");
  }

  private static String words(List<String> words) {
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  /// A code span which nothing in it can end.
  private static String code(String text) {
    return "`" + Visible.line(text).replace('`', '\'').replace('|', '/') + "`";
  }
}
