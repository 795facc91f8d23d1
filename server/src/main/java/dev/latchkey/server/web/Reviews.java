package dev.latchkey.server.web;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The reviews that were published.
@FunctionalInterface
public interface Reviews {

  /// Returns a page of them.
  ///
  /// @param after [Page#next] of the page before, or empty for the first
  /// @param limit the most reviews of a page
  /// @throws IllegalArgumentException if `after` is nothing that a page has named
  Page page(String after, int limit);

  /// Some of the reviews.
  ///
  /// @param next what the next page comes after; empty if this is the last
  record Page(List<Review> reviews, Optional<String> next) {
    public Page {
      reviews = List.copyOf(reviews);
    }
  }

  /// A review which is visible at GitHub.
  ///
  /// @param repository `owner/name`
  /// @param review GitHub's id of it
  /// @param inline how many findings stand at their lines
  /// @param model which has answered
  record Review(
      String repository,
      int number,
      String head,
      int round,
      long review,
      String title,
      String conclusion,
      int inline,
      String model,
      long inputTokens,
      long outputTokens,
      Instant at) {}

  /// No reviews at all.
  static Reviews none() {
    return (after, limit) -> new Page(List.of(), Optional.empty());
  }
}
