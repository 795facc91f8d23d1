package dev.latchkey.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A client and the strict GitHub it speaks to. What the fake objects to fails the test.
abstract class OnFakeGitHub {
  static final RepositoryRef REPOSITORY =
      new RepositoryRef(FakeDoor.INSTALLATION, FakeDoor.REPOSITORY, "octo", "hello");
  static final String PULL = "/repos/octo/hello/pulls/7";
  static final String REVIEWS = PULL + "/reviews";
  static final String SHA = "a".repeat(40);

  FakeGitHub fake;
  GitHub github;

  @BeforeEach
  void open() throws IOException {
    fake = new FakeGitHub();
    github = GitHub.of(options());
  }

  @AfterEach
  void close() throws IOException {
    github.close();
    fake.close();
    assertThat(fake.objections).isEmpty();
  }

  GitHubOptions options() {
    AppCredentials credentials = AppCredentials.of(FakeDoor.APP_ID, Keys.pkcs8(Keys.RSA));
    return GitHubOptions.of(fake.address(), credentials, fake.clock)
        .withWriteInterval(Duration.ZERO);
  }

  /// Long enough for a call that is answered.
  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  /// Soon over, for a call that is not.
  static Deadline verySoon() {
    return Deadline.after(Duration.ofMillis(400));
  }
}
