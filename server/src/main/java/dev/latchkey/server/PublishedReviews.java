package dev.latchkey.server;

import dev.latchkey.kv.Entry;
import dev.latchkey.server.web.Reviews;
import java.util.List;
import java.util.Optional;

/// The reviews that were published, as they are told to programs: by pull request.
final class PublishedReviews implements Reviews {

  private final Publications publications;

  PublishedReviews(Publications publications) {
    this.publications = publications;
  }

  @Override
  public Page page(String after, int limit) {
    List<Entry<Publications.Publication>> entries = publications.page(after, limit);
    boolean last = entries.size() < limit;
    return new Page(
        entries.stream().map(entry -> review(entry.value())).toList(),
        last ? Optional.empty() : Optional.of(entries.getLast().key()));
  }

  private static Review review(Publications.Publication published) {
    return new Review(
        published.pull().repository().fullName(),
        published.pull().number(),
        published.head(),
        published.round(),
        published.review(),
        published.title(),
        published.conclusion().name(),
        published.inline(),
        published.model(),
        published.inputTokens(),
        published.outputTokens(),
        published.at());
  }
}
