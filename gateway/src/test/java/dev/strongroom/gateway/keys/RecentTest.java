package dev.strongroom.gateway.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentTest {

    private final List<String> buried = new ArrayList<>();
    private final Recent<Integer, String> recent = new Recent<>(2, buried::add);

    @Test
    void theOneThatWasUsedLongestAgoHasToGo() {
        recent.put(1, "one");
        recent.put(2, "two");
        assertEquals(Optional.of("one"), recent.find(1));

        recent.put(3, "three");

        assertEquals(Optional.empty(), recent.find(2));
        assertEquals(Optional.of("one"), recent.find(1));
        assertEquals(List.of("two"), buried);
    }

    @Test
    void eachThatGoesIsBuriedOnce() {
        recent.put(1, "one");
        recent.put(1, "uno");
        recent.remove(1);
        recent.remove(1);
        recent.put(2, "two");
        recent.removeIf(value -> value.startsWith("t"));

        assertEquals(List.of("one", "uno", "two"), buried);
        assertEquals(0, recent.size());
    }

    @Test
    void theSameValueAgainIsNotBuried() {
        recent.put(1, "one");
        recent.put(1, "one");

        assertTrue(buried.isEmpty());
    }
}
