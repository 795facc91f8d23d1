package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.FakeGitHub.Reply;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest extends OnFakeGitHub {
  @Test
  void filesOfAllPagesAreReadInOrder() {
    serve(PULL + "/files", 230, i -> Examples.file("f" + i), true);

    List<PullFile> files = github.files(REPOSITORY, 7, soon());

    assertThat(files)
        .extracting(PullFile::filename)
        .isEqualTo(IntStream.range(0, 230).mapToObj(i -> "f" + i).toList());
    assertThat(fake.seen("GET " + PULL + "/files"))
        .extracting(s -> s.query())
        .containsExactly("per_page=100&page=1", "per_page=100&page=2", "per_page=100&page=3");
  }

  @Test
  void fullPagesAreFollowedWithoutLinksToo() {
    serve(PULL + "/files", 200, i -> Examples.file("f" + i), false);

    List<PullFile> files = github.files(REPOSITORY, 7, soon());

    assertThat(files).hasSize(200);
    assertThat(fake.seen("GET " + PULL + "/files")).hasSize(3);
  }

  @Test
  void filesEndAtThreeThousand() {
    serve(PULL + "/files", 3_500, i -> Examples.file("f" + i), true);

    List<PullFile> files = github.files(REPOSITORY, 7, soon());

    assertThat(files).hasSize(3_000);
    assertThat(fake.seen("GET " + PULL + "/files")).hasSize(30);
  }

  @Test
  void reviewsOfAllPagesAreRead() {
    serve(REVIEWS, 101, i -> Examples.review(i + 1, "COMMENTED"), true);

    List<PostedReview> reviews = github.reviews(REPOSITORY, 7, soon());

    assertThat(reviews).hasSize(101).last().extracting(PostedReview::id).isEqualTo(101L);
  }

  @Test
  void reviewsWithoutAnEndAreRefusedRatherThanCutShort() {
    fake.on("GET " + REVIEWS, Reply.of(200, "[]").with("Link", "<http://x/>; rel=\"next\""));

    assertThatThrownBy(() -> github.reviews(REPOSITORY, 7, soon()))
        .isInstanceOf(GitHubException.Unavailable.class);
    assertThat(fake.seen("GET " + REVIEWS)).hasSize(100);
  }

  @Test
  void aLinkToAnotherHostIsNotFollowed() throws Exception {
    try (FakeGitHub elsewhere = new FakeGitHub()) {
      String link = "<" + elsewhere.address() + PULL + "/files?page=2>; rel=\"next\"";
      fake.on(
          "GET " + PULL + "/files",
          request -> {
            Reply reply = Reply.of(200, "[" + Examples.file(request.query()) + "]");
            return request.query().endsWith("page=1") ? reply.with("Link", link) : reply;
          });

      List<PullFile> files = github.files(REPOSITORY, 7, soon());

      assertThat(files).hasSize(2);
      assertThat(elsewhere.seen).isEmpty();
    }
  }

  private void serve(String path, int count, IntFunction<String> element, boolean links) {
    fake.on(
        "GET " + path,
        request -> {
          int page = Integer.parseInt(request.query().replaceFirst(".*&page=", ""));
          int end = Math.min(count, page * 100);
          Reply reply =
              Reply.of(
                  200,
                  IntStream.range(Math.min(end, (page - 1) * 100), end)
                      .mapToObj(element)
                      .collect(Collectors.joining(",", "[", "]")));
          String next = "<" + fake.address() + path + "?page=" + (page + 1) + ">; rel=\"next\"";
          String first = "<" + fake.address() + path + "?page=1>; rel=\"first\"";
          return links ? reply.with("Link", end < count ? next + ", " + first : first) : reply;
        });
  }
}
