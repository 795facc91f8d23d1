package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Disk.Naming;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The model by which power is lost: had it no bad luck in it, the harness would prove nothing.
class DiskTest {

  private static final int IMAGES = 500;
  private static final String FILE = "file";

  @Test
  void whatWasSyncedIsThereForCertain() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 2);
    disk.apply(new Trace.Synced(FILE));
    disk.apply(new Trace.Synced(Trace.FOLDER));

    Set<String> contents = contents(disk);

    assertThat(contents).containsExactly("aa");
  }

  @Test
  void whatWasNotSyncedIsThereOrNotSectorBySector() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 2);
    disk.apply(new Trace.Synced(FILE));
    disk.apply(new Trace.Synced(Trace.FOLDER));
    write(disk, 'b', 2);

    Set<String> contents = contents(disk);

    assertThat(contents).containsExactly("aa", "ab", "ba", "bb");
  }

  @Test
  void sizeAndContentAreLostApart() {
    Disk disk = disk(Naming.BY_FOLDER);
    disk.apply(new Trace.Synced(Trace.FOLDER));
    write(disk, 'a', 2);

    Set<String> contents = contents(disk);

    assertThat(contents).containsExactly("", "00", "0a", "a", "a0", "aa");
  }

  @Test
  void laterWriteDoesNotNeedTheEarlierOne() {
    Disk disk = disk(Naming.BY_FOLDER);
    disk.apply(new Trace.Synced(Trace.FOLDER));
    write(disk, 'a', 1);
    disk.apply(new Trace.Written(FILE, 512, sectors('b', 1)));

    Set<String> contents = contents(disk);

    assertThat(contents).contains("0b", "ab", "a", "");
  }

  @Test
  void cutMayBeUndone() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 2);
    disk.apply(new Trace.Synced(FILE));
    disk.apply(new Trace.Synced(Trace.FOLDER));
    disk.apply(new Trace.Truncated(FILE, 512));

    Set<String> contents = contents(disk);

    assertThat(contents).contains("a", "aa");
  }

  @Test
  void newNameIsLostUntilTheFolderIsSynced() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 1);
    disk.apply(new Trace.Synced(FILE));

    Set<String> before = contents(disk);
    disk.apply(new Trace.Synced(Trace.FOLDER));
    Set<String> after = contents(disk);

    assertThat(before).containsExactly("a", "no file");
    assertThat(after).containsExactly("a");
  }

  @Test
  void removedFileComesBackUntilTheFolderIsSynced() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 1);
    disk.apply(new Trace.Synced(FILE));
    disk.apply(new Trace.Synced(Trace.FOLDER));
    disk.apply(new Trace.Removed(FILE));
    disk.apply(new Trace.Created(FILE));
    write(disk, 'b', 1);
    disk.apply(new Trace.Synced(FILE));

    Set<String> before = contents(disk);
    disk.apply(new Trace.Synced(Trace.FOLDER));
    Set<String> after = contents(disk);

    assertThat(before).containsExactly("a", "b", "no file");
    assertThat(after).containsExactly("b");
  }

  @Test
  void fileKeepsItsOwnNameByTheOtherRule() {
    Disk disk = disk(Naming.BY_FILE_TOO);
    disk.apply(new Trace.Removed(FILE));
    disk.apply(new Trace.Created(FILE));
    write(disk, 'a', 1);
    disk.apply(new Trace.Synced(FILE));

    Set<String> contents = contents(disk);

    assertThat(contents).containsExactly("a");
  }

  @Test
  void syncDoesNotHelpWhatAnEarlierOneFailedToWrite() {
    Disk disk = disk(Naming.BY_FOLDER);
    disk.apply(new Trace.Synced(Trace.FOLDER));
    write(disk, 'a', 1);
    disk.apply(new Trace.SyncFailed(FILE));
    disk.apply(new Trace.Written(FILE, 512, sectors('b', 1)));
    disk.apply(new Trace.Synced(FILE));

    Set<String> before = contents(disk);
    write(disk, 'a', 1);
    disk.apply(new Trace.Synced(FILE));
    Set<String> after = contents(disk);

    assertThat(before).containsExactly("0b", "ab");
    assertThat(after).containsExactly("ab");
  }

  @Test
  void sameSeedGivesTheSameImage() {
    Disk disk = disk(Naming.BY_FOLDER);
    write(disk, 'a', 50);
    write(disk, 'b', 40);

    List<Integer> first = hashes(disk);
    List<Integer> second = hashes(disk);

    assertThat(first).isEqualTo(second);
    assertThat(first.stream().distinct().count()).isGreaterThan(5);
  }

  private static Disk disk(Naming naming) {
    Disk disk = new Disk(naming);
    disk.apply(new Trace.Created(FILE));
    return disk;
  }

  private static void write(Disk disk, char c, int sectors) {
    disk.apply(new Trace.Written(FILE, 0, sectors(c, sectors)));
  }

  private static byte[] sectors(char c, int count) {
    byte[] bytes = new byte[512 * count];
    Arrays.fill(bytes, (byte) c);
    return bytes;
  }

  /// Returns what the file can be after a loss of power, with a letter for each sector.
  private static Set<String> contents(Disk disk) {
    Set<String> contents = new TreeSet<>();
    for (int seed = 0; seed < IMAGES; seed++) {
      Map<String, byte[]> files = disk.afterPowerLoss(new Random(seed));
      byte[] file = files.get(FILE);
      contents.add(file == null ? "no file" : lettersOf(file));
    }
    return contents;
  }

  private static String lettersOf(byte[] file) {
    StringBuilder letters = new StringBuilder();
    for (int at = 0; at < file.length; at += 512) {
      byte[] sector = Arrays.copyOfRange(file, at, at + 512);
      byte[] same = new byte[512];
      Arrays.fill(same, sector[0]);
      assertThat(sector).isEqualTo(same);
      letters.append(sector[0] == 0 ? '0' : (char) sector[0]);
    }
    return letters.toString();
  }

  private static List<Integer> hashes(Disk disk) {
    // Chosen by a seed, so that they are the same each time.
    return new Random(1)
        .longs(100)
        .mapToObj(seed -> Arrays.hashCode(disk.afterPowerLoss(new Random(seed)).get(FILE)))
        .collect(Collectors.toList());
  }
}
