package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.github.LineRange.Side;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the module's values refuse to be made of.
class ValuesTest {
  private static final AppCredentials CREDENTIALS = AppCredentials.of("4711", Keys.pkcs8(Keys.RSA));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.github.com",
        "https://ghe.example/api/v3/",
        "HTTPS://ghe.example:8443",
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:9/api"
      })
  void httpsAndThisMachineAreAllowed(String api) {
    assertThat(options(api).writeInterval()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.github.com",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "https:///x",
        "api.github.com",
        "https://canary@ghe.example",
        "http://canary@127.0.0.1",
        "https://ghe.example/?canary",
        "https://ghe.example/#canary"
      })
  void everyOtherAddressIsRefusedWithoutRepeatingIt(String api) {
    assertThatThrownBy(() -> options(api))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("GitHub's address")
        .hasMessageNotContaining("canary");
  }

  @Test
  void onlyThisMachineMayBeWrittenToFaster() {
    Duration fast = Duration.ofMillis(999);
    GitHubOptions far = options("https://api.github.com");
    GitHubOptions near = options("http://127.0.0.1:1");

    refused(() -> far.withWriteInterval(fast), "PT1S to PT1M");
    refused(() -> near.withWriteInterval(Duration.ofSeconds(61)), "PT0S to PT1M");
    refused(() -> near.withWriteInterval(Duration.ofNanos(-1)), "writeInterval");
    assertThat(near.withWriteInterval(Duration.ZERO).writeInterval()).isZero();
  }

  @Test
  void theCapHasBounds() {
    GitHubOptions options = options("https://api.github.com");

    refused(() -> options.withMaxBodyBytes(1023), "1023");
    refused(() -> options.withMaxBodyBytes((256 << 20) + 1), "256 MiB");
    assertThat(options.withMaxBodyBytes(1024).maxBodyBytes()).isEqualTo(1024);
  }

  @Test
  void nothingShowsASecret() {
    Secret secret = Secret.of("canary canary canary");

    assertThat(secret).hasToString("Secret[…]");
    assertThat(List.of(secret).toString()).doesNotContain("canary");
    assertThat(options("https://api.github.com").toString()).contains("AppCredentials[4711]");
    refused(() -> Secret.of("  "), "blank");
  }

  @Test
  void secretsAreEqualByTheirText() {
    assertThat(Secret.of("one")).isEqualTo(Secret.of("one")).hasSameHashCodeAs(Secret.of("one"));
    assertThat(Secret.of("one")).isNotEqualTo(Secret.of("two"));
    assertThat(Secret.of("one").reveal()).isEqualTo("one");
  }

  @Test
  void aRepositoryNeedsPositiveIdsAndNames() {
    refused(() -> new RepositoryRef(0, 1, "o", "n"), "installation id");
    refused(() -> new RepositoryRef(1, -1, "o", "n"), "repository id");
    refused(() -> new RepositoryRef(1, 1, "", "n"), "owner");
    refused(() -> new RepositoryRef(1, 1, "..", "n"), "owner");
    refused(() -> new RepositoryRef(1, 1, "o", "."), "name");
    refused(() -> new RepositoryRef(1, 1, "o", "n\n"), "name");
    refused(() -> new RepositoryRef(1, 1, "o", "n".repeat(256)), "name");
    assertThat(new RepositoryRef(1, 1, "o", "n").fullName()).isEqualTo("o/n");
  }

  @Test
  void linesAreCountedFromOneAndInOrder() {
    refused(() -> LineRange.of(Side.RIGHT, 0), "from 1");
    refused(() -> LineRange.of(Side.RIGHT, 3, 2), "in order");
    assertThat(LineRange.of(Side.RIGHT, 3).single()).isTrue();
    assertThat(LineRange.of(Side.RIGHT, 3, 4).single()).isFalse();
    assertThat(new LineRange(Side.LEFT, 9, Side.RIGHT, 2).single()).isFalse();
  }

  @Test
  void bodiesAreNoLongerThanGitHubTakes() {
    String longest = "x".repeat(65_536);
    LineRange line = LineRange.of(Side.RIGHT, 1);

    assertThatCode(() -> new NewReview("a", longest, List.of())).doesNotThrowAnyException();
    refused(() -> new NewReview("a", longest + "x", List.of()), "65537 characters, limit 65536");
    refused(() -> new NewComment("p", line, longest + "x"), "comment's body");
    refused(() -> new NewComment("", line, "x"), "a path and a body");
    refused(() -> ReviewSubmission.of(1).withBody(longest + "x"), "limit 65536");
    refused(() -> CheckState.queued("t", longest), "limit 65535");
  }

  @Test
  void onlyACompletedCheckHasAConclusion() {
    Optional<CheckState.Conclusion> success = Optional.of(CheckState.Conclusion.SUCCESS);

    refused(() -> new CheckState(CheckState.Status.QUEUED, success, "t", "s"), "QUEUED");
    refused(
        () -> new CheckState(CheckState.Status.COMPLETED, Optional.empty(), "t", "s"), "COMPLETED");
  }

  @Test
  void aDeadlineNeverHasLessThanNothingLeft() {
    assertThat(Deadline.after(Duration.ofSeconds(-5)).remaining()).isZero();
    assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE)).remaining())
        .isBetween(Duration.ofHours(23), Duration.ofDays(1));
  }

  private static void refused(ThrowingCallable call, String says) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }

  private static GitHubOptions options(String api) {
    return GitHubOptions.of(URI.create(api), CREDENTIALS, InstantSource.system());
  }
}
