package dev.latchkey.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The house style as far as a machine can see it. The first test holds for this repository, the
/// others plant each violation into a small repository and want it found: a rule that finds nothing
/// would pass for ever.
final class RepositoryTidyTest {
  private static final String MAIN = "kv/src/main/java/dev/latchkey/kv/Sample.java";
  private static final String TEST = "kv/src/test/java/dev/latchkey/kv/SampleTest.java";
  private static final String PACKAGE_INFO = "kv/src/main/java/dev/latchkey/kv/package-info.java";
  private static final String DECISION =
      "# T\n## Context\n## Decision\n## Price\n## How we'd notice it was wrong\n";

  @TempDir Path folder;

  @Test
  void thisRepositoryIsTidy() {
    Repository repository = Repository.around(Path.of(""));

    assertThat(violations(repository)).isEmpty();

    assertThat(repository.files(".java")).hasSizeGreaterThan(10);
    assertThat(repository.modules()).contains("kv", "testkit");
  }

  @Test
  void aTidyRepositoryHasNoViolation() {
    plant(
        MAIN,
        "package p;\n/// Says hello.\npublic final class Sample {\n  int a() { return 1; }\n}\n");
    plant(PACKAGE_INFO, "@org.jspecify.annotations.NullMarked\npackage p;\n");
    plant("pom.xml", "<modules>\n  <module>kv</module>\n</modules>\n");
    plant("kv/pom.xml", "<project/>\n");
    plant(
        "ARCHITECTURE.md",
        "# The house\n**kv** keeps. [up](#the-house) [a](docs/decisions/0001-a.md)\n");
    plant("docs/decisions/0001-a.md", DECISION + "[house](../../ARCHITECTURE.md#the-house)\n");

    assertThat(violations(Repository.at(folder))).isEmpty();
  }

  @Test
  void findsSizesBeyondTheLimit() {
    String lines = "    a();\n";

    assertThat(rulesIn("void a() {\n" + lines.repeat(JavaRules.METHOD_LINES - 2) + "}")).isEmpty();
    assertThat(rulesIn("void a() {\n" + lines.repeat(JavaRules.METHOD_LINES - 1) + "}"))
        .containsExactly("method-length");
    assertThat(rulesIn("static {\n" + lines.repeat(JavaRules.METHOD_LINES) + "}"))
        .containsExactly("method-length");
    assertThat(rulesIn("int a;\n".repeat(JavaRules.FILE_LINES))).containsExactly("file-length");
    assertThat(rulesIn("// why\n\n".repeat(JavaRules.FILE_LINES))).isEmpty();
    assertThat(rulesIn("// " + "x".repeat(97))).isEmpty();
    assertThat(rulesIn("// " + "x".repeat(98))).containsExactly("line-length");
    assertThat(rulesIn("void a(int b, int c, int d, int e, int f) {}")).isEmpty();
    assertThat(rulesIn("void a(int b, int c, int d, int e, int f, int g) {}"))
        .containsExactly("parameters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          refused-call | Object a() { return Instant.now(); }
          refused-call | Object a() { return java.time.Instant.now(clock); }
          refused-call | Supplier<Instant> a = Instant::now;
          refused-call | long a() { return System.currentTimeMillis(); }
          refused-call | void a() { Thread.sleep(1); }
          refused-call | void a() { TimeUnit.SECONDS.sleep(1); }
          skipped-test | @Disabled void a() {}
          skipped-test | @org.junit.jupiter.api.Disabled("why") void a() {}
          type-name    | static final class StoreManager {}
          type-name    | record DataStore() {}
          type-name    | enum StringUtils {}
          type-name    | interface IStore {}
          class-final  | static class Inner {}
          javadoc      | public record Bare() {}
          accessor     | int getAge() { return 1; }
          """)
  void findsInJava(String rule, String member) {
    assertThat(rulesIn(member)).containsExactly(rule);
  }

  @Test
  void findsStaticImportsOfRefusedCalls() {
    plant(TEST, "import static java.lang.Thread.sleep;\nclass SampleTest {}\n");

    assertThat(rules()).containsExactly("refused-call");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''  | Object a() { return clock.instant(); }
          ''  | Object a() { return "Thread.sleep(1)"; }
          ''  | record Database() {}
          ''  | record Six(int b, int c, int d, int e, int f, int g) { Six { check(b); } }
          ''  | interface Inbox {}
          ''  | abstract static class Inner {}
          ''  | @Override int getAge() { return 1; }
          """)
  void leavesAloneInJava(String none, String member) {
    assertThat(String.join("", rulesIn(member))).isEqualTo(none);
  }

  @Test
  void findsLeftoversAndOldJavadoc() {
    assertThat(rulesIn("// TO" + "DO later")).containsExactly("leftover");
    assertThat(rulesIn("/*" + "* Old. */\nint a;")).containsExactly("javadoc");
  }

  @Test
  void findsPackagesWithoutNullMarked() {
    plant(MAIN, "package p;\nfinal class Sample {}\n");
    assertThat(rules()).containsExactly("null-marked");

    plant(PACKAGE_INFO, "package p;\n");
    assertThat(rules()).containsExactly("null-marked");
  }

  // Each text stands here in two pieces, so that this file doesn't break the rule itself.
  @ParameterizedTest
  @CsvSource({
    "a.md,     registry-host, from https://repo~.maven.apache.org/x",
    "a/b.json, registry-host, https://registry~.npmjs.org/x",
    "a.sh,     machine-path,  cd /ro~ot/project",
    "a.md,     machine-path,  in /ho~me/ann/project",
  })
  void findsInText(String file, String rule, String pieces) {
    plant(file, "first\n" + pieces.replace("~", "") + "\n");

    assertThat(violations(Repository.at(folder)))
        .singleElement()
        .satisfies(violation -> {
          assertThat(violation.rule()).isEqualTo(rule);
          assertThat(violation.file()).isEqualTo(file);
          assertThat(violation.line()).isEqualTo(2);
        });
  }

  @Test
  void findsLongPomsAndScripts() {
    plant("kv/pom.xml", "<a/>\n".repeat(TextRules.POM_LINES));
    assertThat(rules()).isEmpty();

    plant("kv/pom.xml", "<a/>\n".repeat(TextRules.POM_LINES + 1));
    assertThat(rules()).containsExactly("pom-length");

    plant("kv/pom.xml", "<a/>\n");
    plant("latchkey", "#" + " x".repeat(50) + "\n");
    assertThat(rules()).containsExactly("line-length");
  }

  @ParameterizedTest
  @CsvSource({
    "[gone](docs/gone.md), dead-link",
    "[gone](#no-such-heading), dead-link",
    "[gone](other.md#no-such-heading), dead-link",
    "[there](other.md#what-its-for), ''",
    "[outside](https://example.com/gone), ''",
  })
  void findsDeadLinks(String text, String rule) {
    plant("other.md", "# What it's for\n");
    plant("a.md", "# Title\n```\n[in](code)\n```\n" + text + "\n");

    assertThat(String.join("", rules())).isEqualTo(rule);
  }

  @Test
  void findsDecisionsWithoutTheirParts() {
    plant("docs/decisions/0001-a.md", DECISION.replace("## Price\n", ""));
    assertThat(rules()).containsExactly("decision");

    plant("docs/decisions/0001-a.md", DECISION);
    plant("docs/decisions/Two.md", DECISION);
    assertThat(rules()).containsExactly("decision");
  }

  @Test
  void findsModulesThatTheArchitectureForgets() {
    plant("pom.xml", "<module>kv</module>\n<module>review</module>\n");
    plant("ARCHITECTURE.md", "**kv** keeps, and a review is made.\n");

    assertThat(violations(Repository.at(folder)))
        .extracting(Violation::what)
        .containsExactly("does not name **review**");
  }

  @Test
  void leavesOutSamplesAndWhatBuildsAndGitKeep() {
    plant("kv/src/main/resources/sample/Broken.java", "class StoreManager { TimeUnit");
    plant("kv/target/generated/a.md", "[gone](gone.md)\n");
    plant(".git/a.md", "[gone](gone.md)\n");

    assertThat(rules()).isEmpty();
  }

  private static List<Violation> violations(Repository repository) {
    List<JavaSource> sources = JavaSource.of(repository);
    List<Violation> found = new ArrayList<>();
    sources.forEach(source -> found.addAll(JavaRules.check(source)));
    found.addAll(PackageRules.check(sources));
    found.addAll(TextRules.check(repository));
    found.addAll(DocumentRules.check(repository));
    return found;
  }

  private List<String> rules() {
    return violations(Repository.at(folder)).stream().map(Violation::rule).toList();
  }

  /// The rules that a class of the shipped code breaks with this member.
  private List<String> rulesIn(String member) {
    plant(PACKAGE_INFO, "@org.jspecify.annotations.NullMarked\npackage p;\n");
    plant(MAIN, "package p;\nfinal class Sample {\n" + member + "\n}\n");
    return rules();
  }

  private void plant(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
