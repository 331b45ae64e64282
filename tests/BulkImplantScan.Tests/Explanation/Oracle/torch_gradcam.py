"""Grad-CAM by PyTorch's autograd for a small head that is not linear, so that gradients differ from cell to cell.

python3 torch_gradcam.py > torch_gradcam.csv     (Debian 12: python3-torch 1.13.1)

First line: N, K, H, W. Then three lines: feature maps A [N, K, H, W], dY/dA of the predicted class [N, K, H, W],
and L = ReLU(sum over k of alpha_k A_k) [N, H, W], alpha_k the mean of dY/dA_k (Selvaraju 2017, eq. 1 and 2).
"""
import torch

N, K, H, W, CLASSES = 3, 6, 5, 4, 7
torch.manual_seed(20170)
a = torch.randn(N, K, H, W, requires_grad=True)
head = torch.nn.Sequential(
    torch.nn.ReLU(), torch.nn.Conv2d(K, K, 3, padding=1), torch.nn.Tanh(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
    torch.nn.Linear(K, CLASSES),
)
logits = head(a)
chosen = logits.gather(1, logits.argmax(1, keepdim=True)).sum()  # each film's own class; films do not mix in the gradient
(gradient,) = torch.autograd.grad(chosen, a)
alpha = gradient.mean((2, 3), keepdim=True)
cam = torch.relu((alpha * a).sum(1))

print(f"{N},{K},{H},{W}")
for values in (a.detach(), gradient, cam.detach()):
    print(",".join(f"{v:.9g}" for v in values.flatten().tolist()))
