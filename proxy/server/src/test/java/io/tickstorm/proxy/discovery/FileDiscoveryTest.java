package io.tickstorm.proxy.discovery;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiscoveryTest {
    private static final int DEADLINE_SECONDS = 10;

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private final LinkedBlockingQueue<EndpointSet> sets = new LinkedBlockingQueue<>();
    private Path file;
    private FileDiscovery discovery;

    @BeforeEach
    void setUp() {
        file = folder.resolve("endpoints.yaml");
        discovery = new FileDiscovery(file, "http", time);
    }

    @AfterEach
    void tearDown() {
        discovery.close();
    }

    @Test
    void whatIsThereAtTheStartIsDelivered() throws Exception {
        write(one("backend-0"));

        discovery.start(sets::add);

        assertThat(names(next())).containsExactly("backend-0");
        await("its being synced", () -> discovery.status().synced());
    }

    @Test
    void aFileThatComesLaterIsDelivered() throws Exception {
        discovery.start(sets::add);
        assertThat(discovery.status().synced()).isFalse();

        write(one("backend-0"));

        assertThat(names(next())).containsExactly("backend-0");
    }

    @Test
    void aFileThatIsReplacedIsReadAgain() throws Exception {
        write(one("backend-0"));
        discovery.start(sets::add);
        next();

        write(one("backend-1"));

        assertThat(names(next())).containsExactly("backend-1");
    }

    @Test
    void aBadFileChangesNothingAndTheNextGoodOneCounts() throws Exception {
        write(one("backend-0"));
        discovery.start(sets::add);
        next();

        write("endpoints: [{address: nowhere.example, ports: {http: 1}}]");
        awaitLook();
        write(one("backend-2"));

        assertThat(names(next())).containsExactly("backend-2");
        assertThat(sets).isEmpty();
    }

    @Test
    void aFileThatIsRemovedChangesNothing() throws Exception {
        write(one("backend-0"));
        discovery.start(sets::add);
        next();

        Files.delete(file);
        time.advance(Duration.ofSeconds(1));
        write(one("backend-3"));

        assertThat(names(next())).containsExactly("backend-3");
    }

    @Test
    void theSameEndpointsAreNotDeliveredTwice() throws Exception {
        write(one("backend-0"));
        discovery.start(sets::add);
        next();

        write("# another comment\n" + one("backend-0"));
        awaitLook();
        write(one("backend-1"));

        assertThat(names(next())).containsExactly("backend-1");
    }

    @Test
    void aLinkThatIsSwappedIsSeen() throws Exception {
        // As the kubelet updates a projected volume: the file is a link through ..data, which a rename exchanges.
        var first = Files.createDirectory(folder.resolve("..1"));
        var second = Files.createDirectory(folder.resolve("..2"));
        Files.writeString(first.resolve("endpoints.yaml"), one("backend-0"));
        Files.writeString(second.resolve("endpoints.yaml"), one("backend-1"));
        Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(file, Path.of("..data", "endpoints.yaml"));
        discovery.start(sets::add);
        assertThat(names(next())).containsExactly("backend-0");

        Files.createSymbolicLink(folder.resolve("..next"), second);
        Files.move(folder.resolve("..next"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        assertThat(names(next())).containsExactly("backend-1");
    }

    @Test
    void theAgeGrowsWhileTheFileCannotBeSeen() {
        discovery.start(sets::add);

        time.advance(Duration.ofSeconds(42));

        assertThat(discovery.status().lastContactAge()).isEqualTo(Duration.ofSeconds(42));
    }

    /** Until the file was looked at after this call began: the age of the last look returns to zero. */
    private void awaitLook() {
        time.advance(Duration.ofSeconds(1));
        await("a look at the file", () -> discovery.status().lastContactAge().isZero());
    }

    private EndpointSet next() throws InterruptedException {
        var set = sets.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(set).as("a set within %s s", DEADLINE_SECONDS).isNotNull();
        return set;
    }

    private static List<String> names(EndpointSet set) {
        return set.endpoints().stream().map(Endpoint::name).toList();
    }

    private static String one(String name) {
        return "endpoints: [{uid: " + name + ", name: " + name + ", address: 127.0.0.1, ports: {http: 41001}}]\n";
    }

    private void write(String text) throws IOException {
        var fresh = folder.resolve(".fresh");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
