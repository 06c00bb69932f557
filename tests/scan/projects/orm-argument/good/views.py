from django.shortcuts import get_object_or_404

from .models import User
from .tasks import export


def start(request, pk):
    user = get_object_or_404(User, pk=pk)
    export.delay(user.pk)
    export.apply_async((request.user.pk,), countdown=10)
