// What an application does with KMS through the AWS SDK for JavaScript and the AWS Encryption SDK. Endpoint, Region and
// credentials come from the environment. Prints one line a step and ends with "done".

import assert from 'node:assert/strict';
import {
  KMS,
  InvalidCiphertextException,
  KMSInvalidSignatureException,
  NotFoundException,
} from '@aws-sdk/client-kms';
import { buildClient, CommitmentPolicy, getClient, KmsKeyringNode } from '@aws-crypto/client-node';

const kms = new KMS({ maxAttempts: 1 });
const { KeyMetadata: key } = await kms.createKey({ Description: 'from JavaScript' });
const AliasName = `alias/javascript-${key.KeyId}`;
await kms.createAlias({ AliasName, TargetKeyId: key.Arn });
console.log('created', key.Arn);

const EncryptionContext = { Zweck: 'Prüfung', 日付: '2026-11-24' };
const Plaintext = new TextEncoder().encode('attack at dawn');
for (const KeyId of [key.KeyId, key.Arn, AliasName]) {
  const sealed = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
  assert.equal(sealed.KeyId, key.Arn);
  const opened = await kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext });
  assert.deepEqual(Buffer.from(opened.Plaintext), Buffer.from(Plaintext));
  await assert.rejects(kms.decrypt({ CiphertextBlob: sealed.CiphertextBlob }), InvalidCiphertextException);
  console.log('encrypted and decrypted by', KeyId);
}
await assert.rejects(kms.describeKey({ KeyId: 'alias/missing' }), NotFoundException);
await assert.rejects(
  new KMS({ maxAttempts: 1, credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' } }).listKeys({}),
  (error) => ['InvalidSignatureException', 'UnrecognizedClientException'].includes(error.name));

const pair = async (KeySpec, KeyUsage) => (await kms.createKey({ KeySpec, KeyUsage })).KeyMetadata.Arn;
const Message = new TextEncoder().encode('attack at dawn');
for (const [spec, SigningAlgorithm] of [['ECC_NIST_P384', 'ECDSA_SHA_384'], ['ML_DSA_44', 'ML_DSA_SHAKE_256']]) {
  const KeyId = await pair(spec, 'SIGN_VERIFY');
  const { Signature } = await kms.sign({ KeyId, Message, SigningAlgorithm });
  assert.equal((await kms.verify({ KeyId, Message, SigningAlgorithm, Signature })).SignatureValid, true);
  Signature[Signature.length - 1] ^= 1;
  await assert.rejects(kms.verify({ KeyId, Message, SigningAlgorithm, Signature }), KMSInvalidSignatureException);
  console.log('signed with', spec);
}
const macs = await pair('HMAC_256', 'GENERATE_VERIFY_MAC');
const { Mac } = await kms.generateMac({ KeyId: macs, Message, MacAlgorithm: 'HMAC_SHA_256' });
assert.equal((await kms.verifyMac({ KeyId: macs, Message, MacAlgorithm: 'HMAC_SHA_256', Mac })).MacValid, true);

const EncapsulationAlgorithm = 'ML_KEM';
const kem = await pair('ML_KEM_768', 'ENCAPSULATE_DECAPSULATE');
const made = await kms.encapsulate({ KeyId: kem, EncapsulationAlgorithm });
const { SharedSecretCiphertextBlob } = made;
const told = await kms.decapsulate({ KeyId: kem, EncapsulationAlgorithm, SharedSecretCiphertextBlob });
assert.deepEqual(Buffer.from(told.SharedSecret), Buffer.from(made.SharedSecret));
console.log('encapsulated', made.SharedSecret.length, 'bytes in', SharedSecretCiphertextBlob.length);

const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const keyring = new KmsKeyringNode({
  generatorKeyId: key.Arn,
  clientProvider: getClient(KMS, { endpoint: process.env.AWS_ENDPOINT_URL_KMS }),
});
const text = 'the AWS Encryption SDK for JavaScript was here';
const { result } = await encrypt(keyring, text, { encryptionContext: { stage: 'test' } });
const { plaintext, messageHeader } = await decrypt(keyring, result);
assert.equal(plaintext.toString(), text);
assert.equal(messageHeader.encryptionContext.stage, 'test');
console.log('a message of the Encryption SDK:', result.length, 'bytes');
console.log('done');
