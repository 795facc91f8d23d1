package dev.latchkey.server;

import dev.latchkey.simulator.ApiRequest;
import java.util.regex.Pattern;

/// Where a child of the storm dies. The words after the name of a write say what becomes of it: it
/// never arrives, it is done and nobody told, or GitHub holds it and does it later.
enum StormPoint {
  /// Nowhere by itself.
  NOWHERE,
  /// Some time after its start.
  RANDOM,
  // Those of [CrashPoint] which the child itself comes by.
  STORED,
  CLAIMED,
  ANSWER_KEPT,
  MARKED,
  /// The model has the question and has billed it.
  IN_CALL,
  CHECK_CREATED_NEVER("POST .*/check-runs"),
  CHECK_CREATED("POST .*/check-runs"),
  CHECK_CREATED_HELD("POST .*/check-runs"),
  CHECK_UPDATED_NEVER("PATCH .*/check-runs/.*"),
  CHECK_UPDATED("PATCH .*/check-runs/.*"),
  CHECK_UPDATED_HELD("PATCH .*/check-runs/.*"),
  REVIEW_CREATED_NEVER("POST .*/reviews"),
  REVIEW_CREATED("POST .*/reviews"),
  REVIEW_CREATED_HELD("POST .*/reviews"),
  REVIEW_SUBMITTED_NEVER("POST .*/events"),
  REVIEW_SUBMITTED("POST .*/events"),
  REVIEW_SUBMITTED_HELD("POST .*/events"),
  SUMMARY_CREATED_NEVER("POST .*/issues/[0-9]+/comments"),
  SUMMARY_CREATED("POST .*/issues/[0-9]+/comments"),
  SUMMARY_CREATED_HELD("POST .*/issues/[0-9]+/comments"),
  SUMMARY_UPDATED_NEVER("PATCH .*/issues/comments/.*"),
  SUMMARY_UPDATED("PATCH .*/issues/comments/.*"),
  SUMMARY_UPDATED_HELD("PATCH .*/issues/comments/.*"),
  MINIMISED_NEVER("POST /graphql"),
  MINIMISED("POST /graphql"),
  FILES_READ("GET .*/files"),
  REVIEWS_LISTED("GET .*/reviews");

  private final String request;

  StormPoint() {
    this("");
  }

  /// @param request the method and path, as a pattern
  StormPoint(String request) {
    this.request = request;
  }

  boolean is(ApiRequest made) {
    return !request.isEmpty()
        && Pattern.matches(request, made.method() + " " + made.path())
        && (!request.contains("graphql") || made.body().contains("minimizeComment"));
  }

  /// Whether it is before GitHub does what is asked.
  boolean before() {
    return held() || name().endsWith("_NEVER");
  }

  boolean held() {
    return name().endsWith("_HELD");
  }

  /// Whether the child itself comes by, and stands still there.
  boolean event() {
    return this == STORED || this == CLAIMED || this == ANSWER_KEPT || this == MARKED;
  }
}
