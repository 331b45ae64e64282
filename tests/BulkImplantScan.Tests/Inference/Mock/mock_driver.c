/* The mock CUDA driver of the development kit, and the calls that it lacks.
 *   cc -O2 -shared -fPIC -DKIT='"mock_cuda.c"' -I KIT/mock -Wl,-soname,libcuda.so.1 -o libcuda.so.1 mock_driver.c -lpthread */
#include KIT

int cuStreamWaitEvent(P stream, P event, unsigned flags)
{
    IN("cuStreamWaitEvent");
    use("cuStreamWaitEvent", stream); /* the event may be of another context */
    return 0;
}

/* Legal between two contexts: only the stream must be of the current one. */
int cuMemcpyPeerAsync(P target, P target_context, P source, P source_context, size_t bytes, P stream)
{
    IN("cuMemcpyPeerAsync");
    use("cuMemcpyPeerAsync", stream);
    if (target_context == source_context) { violations++; fprintf(stderr, "mock: VIOLATION cuMemcpyPeerAsync within one context\n"); }
    memcpy(target, source, bytes);
    return 0;
}
