package dev.strongroom.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRefTest {

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "111122223333";
    private static final String ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String UPPER_ID = "1234ABCD-12AB-34CD-56EF-1234567890AB";
    private static final String MRK = "mrk-1234abcd12ab34cd56ef1234567890ab";
    private static final String KEY_ARN = "arn:aws:kms:eu-central-1:111122223333:key/" + ID;
    private static final String ALIAS_ARN = "arn:aws:kms:eu-central-1:111122223333:alias/a/b";

    private static void assertRefused(KmsError error, String text, Executable call) {
        var thrown = assertThrows(KmsException.class, call);
        assertEquals(error, thrown.error());
        assertEquals(text, thrown.text());
    }

    @Test
    void hasFourForms() {
        assertEquals(new KeyRef.KeyId(ID), KeyRef.parse(ID));
        assertEquals(new KeyRef.KeyId(MRK), KeyRef.parse(MRK));
        assertEquals(new KeyRef.KeyArn(REGION, ACCOUNT, ID), KeyRef.parse(KEY_ARN));
        assertEquals(new KeyRef.AliasName("alias/a/b"), KeyRef.parse("alias/a/b"));
        assertEquals(new KeyRef.AliasArn(REGION, ACCOUNT, "alias/a/b"), KeyRef.parse(ALIAS_ARN));
    }

    @Test
    void keepsTheLettersOfAnIdAndLooksItUpInLowerCase() {
        var key = KeyRef.parseKey(UPPER_ID);
        assertEquals(UPPER_ID, key.id());
        assertEquals(ID, key.lookupId());
        assertEquals(ID, KeyRef.parseKey(KEY_ARN.replace(ID, UPPER_ID)).lookupId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fake-key-id",
                "134f2428cec14b25a1ae9048164dba47",
                "mrk-1234",
                "",
                " ",
                "alias",
                "1234abcd-12ab-34cd-56ef-1234567890a",
                "1234abcd-12ab-34cd-56ef-1234567890abc",
                "1234abcd-12ab-34cd-56ef-1234567890ag",
                "1234abcd12-ab-34cd-56ef-1234567890ab",
                "mrk-1234abcd-2ab34cd56ef1234567890ab",
                "MRK-1234abcd12ab34cd56ef1234567890ab",
                "Alias/a",
                "key/1234abcd-12ab-34cd-56ef-1234567890ab"
            })
    void bareTextOfAnotherFormIsRefusedInQuotes(String text) {
        assertRefused(KmsError.NOT_FOUND, "Invalid keyId '" + text + "'", () -> KeyRef.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "", "mrk-1234", "1234abcd12ab34cd56ef1234567890ab", "a:b", ID + "/x"})
    void malformedIdInAnArnIsRefusedWithoutQuotes(String id) {
        assertRefused(
                KmsError.NOT_FOUND,
                "Invalid keyId " + id,
                () -> KeyRef.parse("arn:aws:kms:eu-central-1:111122223333:key/" + id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:",
                "arn:aws",
                "arn:aws:kms:eu-central-1:111122223333",
                "arn:aws:kms:eu-central-1:111122223333:",
                "arn:aws:kms:eu-central-1:111122223333:foo/bar",
                "arn:aws:s3:eu-central-1:111122223333:key/" + ID,
                "arn:aws-cn:kms:eu-central-1:111122223333:key/" + ID
            })
    void arnOfSomethingElseIsRefused(String text) {
        assertRefused(KmsError.NOT_FOUND, "Invalid arn " + text, () -> KeyRef.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alias/a", ALIAS_ARN, "alias/", "alias/aws/unknown"})
    void aliasIsRefusedWhereOnlyKeysAreTaken(String text) {
        assertRefused(
                KmsError.INVALID_ARN, "Key Aliases are not supported for this operation.", () -> KeyRef.parseKey(text));
    }

    @Test
    void keyIsTakenWhereOnlyKeysAreTaken() {
        assertEquals(new KeyRef.KeyId(ID), KeyRef.parseKey(ID));
        assertEquals(new KeyRef.KeyArn(REGION, ACCOUNT, ID), KeyRef.parseKey(KEY_ARN));
        assertRefused(KmsError.NOT_FOUND, "Invalid keyId 'foo'", () -> KeyRef.parseKey("foo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY_ARN, ALIAS_ARN})
    void arnOfAnotherRegionIsRefused(String arn) {
        var elsewhere = KeyRef.parse(arn.replace(REGION, "us-west-2"));
        assertRefused(KmsError.NOT_FOUND, "Invalid arn us-west-2", () -> elsewhere.requireRegion(REGION));
        assertDoesNotThrow(() -> elsewhere.requireRegion("us-west-2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {ID, "alias/a"})
    void whatNamesNoRegionIsAtHomeInEach(String text) {
        assertDoesNotThrow(() -> KeyRef.parse(text).requireRegion("us-west-2"));
    }

    @ParameterizedTest
    @CsvSource({
        ID + ", arn:aws:kms:us-west-2:999988887777:key/" + ID,
        UPPER_ID + ", arn:aws:kms:us-west-2:999988887777:key/" + UPPER_ID,
        KEY_ARN + "," + KEY_ARN,
        "alias/a/b, arn:aws:kms:us-west-2:999988887777:alias/a/b",
        ALIAS_ARN + "," + ALIAS_ARN
    })
    void becomesAnArn(String text, String arn) {
        assertEquals(arn, KeyRef.parse(text).arn("us-west-2", "999988887777"));
    }

    @Test
    void absentKeyIsRefusedWithItsArnAsWritten() {
        var refusal = KeyRef.parse(UPPER_ID).notFound(REGION, ACCOUNT);
        assertEquals(KmsError.NOT_FOUND, refusal.error());
        assertEquals("Key 'arn:aws:kms:eu-central-1:111122223333:key/" + UPPER_ID + "' does not exist", refusal.text());
    }

    @Test
    void absentAliasIsRefusedWithItsArn() {
        var refusal = KeyRef.parse("alias/missing").notFound(REGION, ACCOUNT);
        assertEquals(KmsError.NOT_FOUND, refusal.error());
        assertEquals("Alias arn:aws:kms:eu-central-1:111122223333:alias/missing is not found.", refusal.text());
    }
}
