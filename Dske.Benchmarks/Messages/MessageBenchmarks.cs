using BenchmarkDotNet.Attributes;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Messages;

/// <summary>The messages about one share of a 256-bit key, as they are on native links.</summary>
public class MessageBenchmarks
{
    private PostKeyShareRequest _request = null!;
    private GetKeyShareAnswer _answer = null!;
    private byte[] _requestText = null!;
    private byte[] _answerText = null!;
    private string _query = null!;

    /// <summary>Makes the messages.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var pad = new Allocation(new Fragment(SystemEntropySource.Instance.NextUuid(), 123456, 32));
        var share = new byte[32];
        SystemEntropySource.Instance.Fill(share);
        _request = new PostKeyShareRequest
        {
            MasterClientName = "carol",
            MasterSaeId = "sam",
            SlaveSaeId = "sofia",
            UserKeyId = SystemEntropySource.Instance.NextUuid(),
            ShareIndex = 2,
            EncryptionKeyAllocation = pad,
            EncryptedShareValue = share,
        };
        _answer = new GetKeyShareAnswer { ShareIndex = 2, EncryptionKeyAllocation = pad, EncryptedShareValue = share, PsrdAvailable = 234567 };
        (_requestText, _answerText) = (WriteRequest(), WriteAnswer());
        _query = new KeyShareQuery { ClientName = "conny", MasterSaeId = "sam", SlaveSaeId = "sofia", KeyId = _request.UserKeyId, Bind = true }.ToString();
    }

    /// <summary>The client writes a share.</summary>
    [Benchmark]
    public byte[] WriteRequest() => MessageJson.Write(_request, Dialect.Guide);

    /// <summary>The hub reads it.</summary>
    [Benchmark]
    public bool ReadRequest() => MessageJson.TryRead<PostKeyShareRequest>(_requestText, Dialect.Guide, out _);

    /// <summary>The hub reads a request for it.</summary>
    [Benchmark]
    public bool ReadQuery() => KeyShareQuery.TryParse(_query, out _);

    /// <summary>The hub writes the answer.</summary>
    [Benchmark]
    public byte[] WriteAnswer() => MessageJson.Write(_answer, Dialect.Guide);

    /// <summary>The client reads it.</summary>
    [Benchmark]
    public bool ReadAnswer() => MessageJson.TryRead<GetKeyShareAnswer>(_answerText, Dialect.Guide, out _);
}
