package dev.strongroom.hsm.node.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemberAddressTest {

    @Test
    void oneIpAddressHasOneSpelling() {
        assertEquals(new MemberAddress("2001:DB8::7", 5701), new MemberAddress("2001:db8:0:0:0:0:0:7", 5701));
        assertEquals("[2001:db8:0:0:0:0:0:7]:5701", new MemberAddress("2001:db8::7", 5701).toString());
        assertEquals("192.0.2.7:5701", new MemberAddress("192.0.2.7", 5701).toString());
    }

    @Test
    void aNameStaysAName() throws Exception {
        var address = new MemberAddress("localhost", 5701);
        assertEquals("localhost:5701", address.toString());
        assertEquals(address, MemberAddress.of(address.resolve()));
        assertNotEquals(address, new MemberAddress("127.0.0.1", 5701));
    }

    @Test
    void whatHazelcastReadsBackFromItsListIsTheSameAddress() throws Exception {
        for (var host : new String[] {"::1", "127.0.0.1", "localhost"}) {
            var address = new MemberAddress(host, 5701);
            assertEquals(address, MemberAddress.of(address.resolve()), host);
        }
    }

    @ParameterizedTest
    @CsvSource({"'',5701", "' ',5701", "n1,0", "n1,-1", "n1,65536"})
    void whatIsNoAddressIsRefused(String host, int port) {
        assertThrows(IllegalArgumentException.class, () -> new MemberAddress(host, port));
    }
}
