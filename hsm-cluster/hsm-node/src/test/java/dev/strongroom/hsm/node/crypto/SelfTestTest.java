package dev.strongroom.hsm.node.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.node.crypto.SelfTest.KnownAnswer;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SelfTestTest {

    @Test
    void thisPlatformPasses() {
        SelfTest.run();
        SelfTest.run();
    }

    @Test
    void oneWrongBitInAnyAnswerIsNoticed() {
        var answers = SelfTest.knownAnswers();
        assertEquals(6, answers.size());
        for (int wrong = 0; wrong < answers.size(); wrong++) {
            var planted = new ArrayList<>(answers);
            var answer = planted.get(wrong);
            var changed = answer.expected().toArray();
            changed[changed.length - 1] ^= 1;
            planted.set(wrong, new KnownAnswer(answer.primitive(), Bytes.wrap(changed), answer.computed()));
            var failure = assertThrows(IllegalStateException.class, () -> SelfTest.run(planted));
            assertEquals("self-test failed: " + answer.primitive() + " gives a wrong answer", failure.getMessage());
        }
    }
}
