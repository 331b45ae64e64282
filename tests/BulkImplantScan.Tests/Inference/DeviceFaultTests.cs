using BulkImplantScan.Inference;

namespace BulkImplantScan.Tests.Inference;

public sealed class DeviceFaultTests
{
    [Theory]
    [InlineData(2, "too little free memory", "--batch")]
    [InlineData(35, "driver does not take our kernels", "525")]
    [InlineData(218, "driver does not take our kernels", "525")]
    [InlineData(222, "driver does not take our kernels", "580")]
    [InlineData(700, "The device is lost: CUDA error 700", "finished parts stay")]
    [InlineData(719, "The device is lost: CUDA error 719", "dmesg")]
    [InlineData(999, "The device is lost", "nvidia-smi")]
    [InlineData(1, "CUDA error 1", "doctor")]
    public void A_code_of_the_driver_says_what_is_wrong_and_what_to_do(int code, string what, string todo)
    {
        var fault = new InvalidOperationException("a stage", new CudaErrorException("cuCall", code));
        var sentence = DeviceFault.Explain(fault);
        Assert.Contains(what, sentence, StringComparison.Ordinal);
        Assert.Contains(todo, sentence, StringComparison.Ordinal);
        Assert.Equal(code == 2, DeviceFault.IsOutOfMemory(fault));
        Assert.Equal(code is 700 or 719 or 999, DeviceFault.IsLost(fault));
    }

    [Fact]
    public void What_is_no_fault_of_a_device_is_left_to_others()
    {
        Assert.Null(DeviceFault.Explain(new InvalidOperationException("CUDA failure 700 is only quoted here")));
        Assert.Null(DeviceFault.Explain(new EntryPointNotFoundException("Unable to find an entry point named 'jxl_decode' in shared library 'locus'.")));
        Assert.False(DeviceFault.IsLost(new IOException("disk")));
    }

    [Fact]
    public void Memory_of_the_host_is_not_the_devices_but_a_smaller_batch_helps_at_opening()
    {
        var fault = new InsufficientMemoryException(); // one that a test may make
        Assert.Null(DeviceFault.Explain(new InvalidOperationException("decode", fault)));
        Assert.True(DeviceFault.IsOutOfMemory(fault)); // pages that cannot be locked for it
    }

    [Fact]
    public void A_call_that_an_old_driver_does_not_have_says_which_driver_does()
    {
        var fault = new EntryPointNotFoundException("Unable to find an entry point named 'cuStreamWaitEvent' in shared library 'libcuda.so.1'.");
        Assert.Contains("525", DeviceFault.Explain(fault), StringComparison.Ordinal);
    }
}
