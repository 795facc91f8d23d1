package dev.latchkey.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/// Webhooks as GitHub sends them when a pull request is changed: JSON of 8 KiB with many addresses
/// which repeat each other, some prose, and hashes. It can be compressed to a quarter, as theirs
/// can. The same seed makes the same ones, and no two have the same body: the hashes and numbers
/// within are new each time.
///
/// Making one takes about a microsecond, as only those are written anew.
final class Webhooks {
  static final int BODY_BYTES = 8 << 10;

  private static final String MARK = "@@@@@@@@";
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final List<String> LINKS =
      words(
          """
          forks keys collaborators teams hooks issue_events events assignees branches tags
          blobs git_tags git_refs trees statuses languages stargazers contributors
          subscribers subscription commits git_commits comments issue_comment contents
          compare merges archive downloads issues pulls milestones notifications labels
          releases deployments
          """);
  private static final List<String> WORDS =
      words(
          """
          the a configuration value reads once and says where it came from when no file is
          found then default this change moves parser into module of its own so that tests
          can name each error message before timeout retry after answer lost see also
          issue for details old new behaviour stays same unless option set by caller which
          must close stream reader writer thread waits until lock free again memory
          bounded queue limit window review
          """);
  private static final byte[] TEMPLATE = template().getBytes(US_ASCII);
  private static final int[] PLACES = places();

  private final SplittableRandom random;
  private final int lanes;

  /// @param lanes how many there are, each as likely as the others
  Webhooks(long seed, int lanes) {
    this.random = new SplittableRandom(seed);
    this.lanes = lanes;
  }

  Webhook next() {
    byte[] body = TEMPLATE.clone();
    for (int place : PLACES) {
      int bits = random.nextInt();
      for (int i = 0; i < MARK.length(); i++) {
        body[place + i] = HEX[bits >>> (4 * i) & 0xf];
      }
    }
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    String lane = "acme/repository-" + random.nextInt(lanes);
    return new Webhook(id, InboxQueue.PLAIN, lane, body);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+", -1));
  }

  private static String template() {
    String commit = MARK.repeat(5);
    StringBuilder json = new StringBuilder(BODY_BYTES);
    json.append("{\"action\":\"synchronize\",\"number\":17,\"before\":\"").append(commit);
    json.append("\",\"after\":\"").append(commit).append("\",\"pull_request\":{\"node_id\":\"PR_");
    json.append(MARK).append("\",\"head\":{\"label\":\"acme:topic\",\"sha\":\"").append(commit);
    json.append("\",\"repo\":").append(repository()).append("},\"base\":{\"sha\":\"");
    json.append(commit).append("\"},\"user\":{\"login\":\"octocat\",\"node_id\":\"U_").append(MARK);
    json.append("\"},\"body\":\"");
    String end =
        "\"},\"repository\":" + repository() + ",\"sender\":{\"node_id\":\"U_" + MARK + "\"}}";
    SplittableRandom choice = new SplittableRandom(3);
    int prose = BODY_BYTES - end.length();
    while (json.length() < prose) {
      json.append(WORDS.get(choice.nextInt(WORDS.size()))).append(' ');
    }
    json.setLength(prose);
    return json.append(end).toString();
  }

  private static String repository() {
    StringBuilder json = new StringBuilder("{\"node_id\":\"R_" + MARK + "\"");
    for (String link : LINKS) {
      json.append(",\"").append(link).append("_url\":\"https://api.github.com/repos/acme/widget/");
      json.append(link).append("{/").append(MARK).append("}\"");
    }
    return json.append(",\"pushed_at\":\"0x" + MARK + "\"}").toString();
  }

  private static int[] places() {
    List<Integer> places = new ArrayList<>();
    String template = new String(TEMPLATE, US_ASCII);
    for (int at = template.indexOf(MARK); at >= 0; at = template.indexOf(MARK, at + 8)) {
      places.add(at);
    }
    return places.stream().mapToInt(Integer::intValue).toArray();
  }
}
