using System.Text;
using BenchmarkDotNet.Attributes;
using Dske.Protocol.Authentication;
using Dske.Protocol.Messages;
using Dske.Protocol.Psrd;
using Dske.Protocol.Secrets;

namespace Dske.Benchmarks.Authentication;

/// <summary>Signatures over messages as large as those about one share.</summary>
public class SignatureBenchmarks
{
    private readonly byte[] _key = new byte[MessageMac.KeySize];
    private readonly byte[] _query = Encoding.UTF8.GetBytes("client_name=conny&master_sae_id=sam&slave_sae_id=sofia&key_id=bc490419-7d60-487f-a9f3-1f0a9b6d7d5c&bind=1");
    private readonly byte[] _body = new byte[400];
    private readonly byte[] _signature = new byte[MessageMac.Size];
    private SignatureHeader _header = null!;
    private string _text = null!;

    /// <summary>Makes a header that names one fragment.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        SystemEntropySource.Instance.Fill(_key);
        _header = new SignatureHeader(
            Dialect.Guide, new Allocation(new Fragment(SystemEntropySource.Instance.NextUuid(), 123456, MessageMac.KeySize)), _signature);
        _text = _header.ToString();
    }

    /// <summary>Signs, or checks, a request with query and body.</summary>
    [Benchmark]
    public void Sign() => MessageMac.Sign(_key, _query, _body, _signature);

    /// <summary>Signs, or checks, an answer that is bound to its request.</summary>
    [Benchmark]
    public void SignBound() => MessageMac.SignBound(_key, _body, 200, _text, _signature);

    /// <summary>Reads a header.</summary>
    [Benchmark]
    public bool Parse() => SignatureHeader.TryParse(_text, out _);

    /// <summary>Writes a header.</summary>
    [Benchmark]
    public string Write() => _header.ToString();
}
