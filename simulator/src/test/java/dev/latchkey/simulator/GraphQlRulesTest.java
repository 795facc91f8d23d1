package dev.latchkey.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// GitHub, "GraphQL API": refusals have status 200 and say so under `errors`.
final class GraphQlRulesTest {
  private static final String THREADS =
      """
      query($owner: String!, $number: Int!, $size: Int, $after: String) {
        repository(owner: $owner, name: "parcels") {
          pullRequest(number: $number) {
            reviewThreads(first: $size, after: $after) {
              pageInfo { hasNextPage endCursor }
              totalCount
              nodes {
                id isResolved gone: isOutdated
                comments(first: 1) {
                  nodes { databaseId body author { login } pullRequestReview { id databaseId } }
                }
              }
            }
          }
        }
      }
      """;
  private static final String MINIMISE =
      """
      mutation($id: ID!) {
        minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
          minimizedComment { isMinimized minimizedReason }
        }
      }
      """;

  private final TestApp app = new TestApp();

  @BeforeEach
  void openPullRequest() {
    app.open();
  }

  @AfterEach
  void stop() {
    app.close();
  }

  @Test
  void aThreadIsToldWithItsFirstComment() throws IOException {
    var review = reviewed();
    var first = app.get("/pulls/1/comments").json().path(0).path("id").asLong();
    app.github().people().resolve(app.repository(), first, true);

    var thread = threads(ask(THREADS, variables(1, 10))).path("nodes").path(0);

    var comment = thread.path("comments").path("nodes").path(0);
    assertThat(thread.path("isResolved").asBoolean()).isTrue();
    assertThat(thread.path("gone").asBoolean(true)).isFalse();
    assertThat(thread.has("isOutdated")).isFalse();
    assertThat(comment.path("databaseId").asLong()).isEqualTo(first);
    assertThat(comment.path("body").asString()).isEqualTo("first");
    assertThat(comment.path("author").path("login").asString()).isEqualTo("latchkey");
    assertThat(comment.path("pullRequestReview").path("id").asString())
        .isEqualTo(review.path("node_id").asString());
    assertThat(comment.path("pullRequestReview").path("databaseId").asLong())
        .isEqualTo(review.path("id").asLong());
  }

  @Test
  void aLineThatIsGoneMakesAThreadOutdated() throws IOException {
    reviewed();
    app.github().push(app.repository(), 1, "d".repeat(40), List.of());

    var thread = threads(ask(THREADS, variables(1, 10))).path("nodes").path(0);

    assertThat(thread.path("gone").asBoolean()).isTrue();
  }

  @Test
  void threadsComeInPagesByCursor() throws IOException {
    reviewed();

    var first = threads(ask(THREADS, variables(1, 1)));
    var cursor = first.path("pageInfo").path("endCursor").asString();
    var next = variables(1, 1).replace("}", ",\"after\":\"" + cursor + "\"}");
    var second = threads(ask(THREADS, next));

    assertThat(first.path("totalCount").asInt()).isEqualTo(2);
    assertThat(first.path("pageInfo").path("hasNextPage").asBoolean()).isTrue();
    assertThat(second.path("nodes").size()).isEqualTo(1);
    assertThat(second.path("nodes").path(0)).isNotEqualTo(first.path("nodes").path(0));
    assertThat(second.path("pageInfo").path("hasNextPage").asBoolean(true)).isFalse();
  }

  @Test
  void aPageHasABoundOfAtMost100() throws IOException {
    var without = ask(THREADS, variables(1, 10).replace(",\"size\":10", ""));
    var tooMany = ask(THREADS, variables(1, 101));
    var badCursor = ask(THREADS, variables(1, 10).replace("}", ",\"after\":\"x\"}"));

    assertThat(code(without)).isEqualTo("MISSING_PAGINATION_BOUNDARIES");
    assertThat(code(tooMany)).isEqualTo("EXCESSIVE_PAGINATION");
    assertThat(code(badCursor)).isEqualTo("INVALID_CURSOR_ARGUMENTS");
  }

  @Test
  void anUnknownFieldOrArgumentIsAnError() throws IOException {
    var field = ask("{ repository(owner: \"octo\", name: \"parcels\") { secrets } }", "{}");
    var root = ask("{ viewer { login } }", "{}");
    var argument = ask("{ repository(owner: \"o\", name: \"p\", id: 1) { id } }", "{}");
    var missing = ask("{ repository(owner: \"octo\") { id } }", "{}");

    assertThat(field.status()).isEqualTo(200);
    assertThat(field.json().has("data")).isFalse();
    assertThat(message(field)).isEqualTo("Field 'secrets' doesn't exist on type 'Repository'");
    assertThat(message(root)).isEqualTo("Field 'viewer' doesn't exist on type 'Query'");
    assertThat(code(argument)).isEqualTo("argumentNotAccepted");
    assertThat(code(missing)).isEqualTo("missingRequiredArguments");
  }

  @Test
  void objectsNeedASelectionAndScalarsTakeNone() throws IOException {
    var object = ask("{ repository(owner: \"octo\", name: \"parcels\") }", "{}");
    var scalar = ask("{ repository(owner: \"o\", name: \"p\") { id { x } } }", "{}");

    assertThat(code(object)).isEqualTo("selectionMismatch");
    assertThat(code(scalar)).isEqualTo("selectionMismatch");
  }

  @Test
  void variablesAreDeclaredGivenUsedAndOfTheirType() throws IOException {
    var undeclared = ask("{ repository(owner: $o, name: \"p\") { id } }", "{\"o\":\"octo\"}");
    var absent = ask(THREADS, "{\"owner\":\"octo\"}");
    var mistyped = ask(THREADS, variables(1, 10).replace(":1,", ":\"1\","));
    var unused = ask("query($x: Int) { repository(owner: \"o\", name: \"p\") { id } }", "{}");

    assertThat(code(undeclared)).isEqualTo("variableNotDefined");
    assertThat(message(absent)).contains("$number of type Int! was provided invalid value");
    assertThat(message(mistyped)).contains("$number of type Int! was provided invalid value");
    assertThat(code(unused)).isEqualTo("variableNotUsed");
  }

  @Test
  void whatIsNoQueryIsAParseError() throws IOException {
    for (var query : new String[] {"{", "query", "{ a ", "{ }", "nonsense", "{ a } }", "{ a % }"}) {
      var answer = ask(query, "{}");

      assertThat(answer.status()).as(query).isEqualTo(200);
      assertThat(message(answer)).as(query).startsWith("Parse error");
    }
  }

  @Test
  void aBodyWithoutAQueryIsABadRequest() throws IOException {
    var answer = app.send("POST", "/graphql", app.token(), "{}");

    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void anUnknownPullRequestIsNotFound() throws IOException {
    var answer = ask(THREADS, variables(9, 10));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("data").path("repository").isNull()).isTrue();
    assertThat(type(answer)).isEqualTo("NOT_FOUND");
  }

  @Test
  void aRepositoryOutsideOfTheTokenIsNotFound() throws IOException {
    var other = app.github().addRepository("octo", "letters");
    var token = app.token("{\"repository_ids\":[" + other.id() + "]}");

    var answer = app.send("POST", "/graphql", token, body(THREADS, variables(1, 10)));

    assertThat(type(answer)).isEqualTo("NOT_FOUND");
  }

  @Test
  void aReviewCanBeFoldedUp() throws IOException {
    var review = reviewed();

    var answer = ask(MINIMISE, "{\"id\":\"" + review.path("node_id").asString() + "\"}");

    var done = answer.json().path("data").path("minimizeComment").path("minimizedComment");
    var id = review.path("id").asLong();
    assertThat(done.path("isMinimized").asBoolean()).isTrue();
    assertThat(done.path("minimizedReason").asString()).isEqualTo("outdated");
    assertThat(app.github().people().isMinimised(app.repository(), 1, id)).isTrue();
    assertThat(app.github().people().minimisedReviews(app.repository(), 1))
        .extracting(SimulatedReview::id)
        .containsExactly(id);
  }

  @Test
  void aCommentCanBeFoldedUp() throws IOException {
    var comment = app.post("/issues/1/comments", "{\"body\":\"x\"}").json();

    ask(MINIMISE, "{\"id\":\"" + comment.path("node_id").asString() + "\"}");

    assertThat(
            app.github()
                .people()
                .isCommentMinimised(app.repository(), 1, comment.path("id").asLong()))
        .isTrue();
  }

  @Test
  void whatIsNotThereOrPendingCanNotBeFoldedUp() throws IOException {
    var pending = app.post("/pulls/1/reviews", "{\"body\":\"x\"}").json();

    var unknown = ask(MINIMISE, "{\"id\":\"PRR_1\"}");
    var unseen = ask(MINIMISE, "{\"id\":\"" + pending.path("node_id").asString() + "\"}");
    var unclassified = ask(MINIMISE.replace("OUTDATED", "OLD"), "{\"id\":\"PRR_1\"}");

    assertThat(type(unknown)).isEqualTo("NOT_FOUND");
    assertThat(type(unseen)).isEqualTo("NOT_FOUND");
    assertThat(code(unclassified)).isEqualTo("argumentLiteralsIncompatible");
  }

  @Test
  void foldingUpNeedsToWrite() throws IOException {
    try (var reader = new TestApp(Map.of("metadata", "read", "pull_requests", "read"))) {
      reader.open();
      var id =
          reader
              .github()
              .plantReview(
                  reader.repository(),
                  1,
                  new SimulatedReview(
                      0, "mira", "User", "COMMENTED", "text", TestApp.HEAD, null, List.of()));

      var answer =
          reader.send(
              "POST", "/graphql", reader.token(), body(MINIMISE, "{\"id\":\"PRR_" + id + "\"}"));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(type(answer)).isEqualTo("FORBIDDEN");
      assertThat(message(answer)).isEqualTo("Resource not accessible by integration");
      assertThat(reader.github().people().isMinimised(reader.repository(), 1, id)).isFalse();
    }
  }

  @Test
  void onlyAMutationIsAWrite() throws IOException {
    ask(THREADS, variables(1, 10));
    ask(MINIMISE, "{\"id\":\"PRR_1\"}");

    assertThat(app.github().writes()).hasSize(1);
    assertThat(app.github().writes().getFirst().body()).contains("mutation");
  }

  private JsonNode reviewed() throws IOException {
    return app.post(
            "/pulls/1/reviews",
            """
            {"body":"b","event":"COMMENT","comments":[
              {"path":"src/Main.java","line":2,"body":"first"},
              {"path":"src/Main.java","line":11,"body":"second"}]}\
            """)
        .json();
  }

  private PlainHttp.Answer ask(String query, String variables) throws IOException {
    return app.send("POST", "/graphql", app.token(), body(query, variables));
  }

  private static String body(String query, String variables) {
    var body = PlainHttp.JSON.createObjectNode().put("query", query);
    body.set("variables", PlainHttp.JSON.readTree(variables));
    return body.toString();
  }

  private static String variables(int number, int size) {
    return "{\"owner\":\"octo\",\"number\":%d,\"size\":%d}".formatted(number, size);
  }

  private static JsonNode threads(PlainHttp.Answer answer) {
    return answer.json().path("data").path("repository").path("pullRequest").path("reviewThreads");
  }

  private static String message(PlainHttp.Answer answer) {
    return answer.json().path("errors").path(0).path("message").asString("");
  }

  private static String type(PlainHttp.Answer answer) {
    return answer.json().path("errors").path(0).path("type").asString("");
  }

  private static String code(PlainHttp.Answer answer) {
    return answer.json().path("errors").path(0).path("extensions").path("code").asString("");
  }
}
